// What formats call a thing of its own: a saved state is computed from one of them.
#include <gtest/gtest.h>

#include <set>

#include "unit/formats/decode_support.hpp"

namespace sluice {
namespace {

std::string identity(const std::string& format, const std::string& options) {
  const Format& named = *formats().find_input(format);
  return named.identity(read_options(named, options));
}

TEST(FormatIdentity, TellsDatabasesAndTablesApart) {
  EXPECT_EQ(identity("canal_json", "{}"), "canal_json");
  EXPECT_EQ(identity("canal_json", "{table: orders}"), R"(canal_json table "orders")");
  EXPECT_EQ(identity("canal_json", "{database: shop, table: orders}"),
            R"(canal_json database "shop" table "orders")");
  EXPECT_NE(identity("canal_json", R"({database: 'shop" table "orders'})"),
            identity("canal_json", "{database: shop, table: orders}"));
  EXPECT_EQ(identity("canal_json", "{table: ''}"), "canal_json") << "any, as without it";
}

// An option that is added to a format is part of its identity, unless it is named here.
TEST(FormatIdentity, HoldsEveryOptionThatIsNotKnownToChangeNoRow) {
  const std::set<std::string> changes_no_row = {"max_bytes"};
  for (const std::string& name : formats().input_names()) {
    const Format& format = *formats().find_input(name);
    for (const OptionSpec& option : format.options().specs()) {
      if (changes_no_row.contains(option.name)) continue;
      const bool is_choice = option.kind == OptionKind::choice;
      ASSERT_TRUE(is_choice || option.kind == OptionKind::text)
          << "give " << option.name << " two values here";
      const std::string one = is_choice ? option.choices.at(0) : "a";
      const std::string other = is_choice ? option.choices.at(1) : "b";
      EXPECT_NE(identity(name, "{" + option.name + ": " + one + "}"),
                identity(name, "{" + option.name + ": " + other + "}"))
          << option.name << " of " << name;
    }
  }
}

TEST(FormatIdentity, DiffersByFormat) {
  std::set<std::string> identities;
  for (const std::string& name : formats().input_names()) identities.insert(identity(name, "{}"));
  EXPECT_EQ(identities.size(), formats().input_names().size());
}

}  // namespace
}  // namespace sluice
