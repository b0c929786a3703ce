#include "base/error_code.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/result.hpp"

namespace sluice {
namespace {

// The catalogue is searched by halves, so its order is part of its contract.
TEST(ErrorCatalogue, IsInTheOrderOfItsNumbersWithoutDoubles) {
  const auto catalogue = error_catalogue();
  std::set<std::string_view> names;
  for (size_t i = 0; i < catalogue.size(); ++i) {
    EXPECT_TRUE(names.insert(catalogue[i].name).second) << catalogue[i].name;
    if (i == 0) continue;
    EXPECT_LT(catalogue[i - 1].code, catalogue[i].code) << catalogue[i].name;
  }
}

TEST(ErrorCatalogue, EveryEntrySaysWhatHappenedAndWhatToDo) {
  for (const ErrorDescription& entry : error_catalogue()) {
    EXPECT_FALSE(entry.title.empty()) << entry.name;
    EXPECT_TRUE(entry.advice.ends_with('.')) << entry.name;
    EXPECT_EQ(&describe(entry.code), &entry);
  }
}

TEST(ErrorCode, TextIsReadBack) {
  for (const ErrorDescription& entry : error_catalogue()) {
    EXPECT_EQ(parse_error_code(error_code_text(entry.code)), entry.code);
  }
  EXPECT_EQ(parse_error_code("e3103"), ErrorCode::invalid_text);
  EXPECT_EQ(parse_error_code("3103"), ErrorCode::invalid_text);
}

TEST(ErrorCode, UnknownTextIsNoCode) {
  for (const char* text : {"", "E", "E1", "E3103x", "X3103", "E99999999", "-3103", "EE3103"}) {
    EXPECT_EQ(parse_error_code(text), std::nullopt) << text;
  }
}

Result<int> half_of(int value) {
  if (value % 2 != 0) return fail(ErrorCode::invalid_argument, "odd", "Take an even number");
  return value / 2;
}

Result<int> quarter_of(int value) {
  SLUICE_ASSIGN(const int half, half_of(value));
  SLUICE_TRY(half_of(half));
  return half_of(half);
}

TEST(Result, TryAndAssignHandTheErrorUp) {
  EXPECT_EQ(quarter_of(12).value_or(0), 3);
  for (const int value : {3, 6}) {
    const auto failed = quarter_of(value);
    ASSERT_FALSE(failed.has_value()) << value;
    EXPECT_EQ(failed.error().code, ErrorCode::invalid_argument);
  }
}

// What a run ended with is told with what to change, whoever made the error.
TEST(Error, SaysTheAdviceOfItsCodeWhereItHasNoneOfItsOwn) {
  for (const ErrorDescription& entry : error_catalogue()) {
    const Error error{entry.code, "it failed", Retry::never, {}};
    EXPECT_EQ(error.way_on() + ".", entry.advice);
    EXPECT_TRUE(error.final_text().ends_with(" it failed (" + error.way_on() + ")"));
  }
}

TEST(Error, TextHasCodeMessageAndAdvice) {
  const auto failed = half_of(1);
  EXPECT_EQ(failed.error().to_string(), "E3104 odd (Take an even number)");
  EXPECT_EQ(failed.error().domain(), ErrorDomain::user);
  EXPECT_EQ(failed.error().retry, Retry::never);
  const Status later = fail_retriable(ErrorCode::connection_failed, "refused");
  EXPECT_EQ(later.error().to_string(), "E4001 refused");
  EXPECT_EQ(later.error().retry, Retry::later);
}

}  // namespace
}  // namespace sluice
