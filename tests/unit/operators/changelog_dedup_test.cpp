// Cases of changelog dedup: cases/changelog_dedup.
#include "operators/changelog_dedup.hpp"

#include <gtest/gtest.h>

#include "support/golden_cases.hpp"
#include "support/test_rows.hpp"
#include "unit/operators/operator_script.hpp"

namespace sluice {
namespace {

using namespace test;  // NOLINT: the vocabulary of these tests

// id text, v text, version int; with `set numbers yes`, v is a numeric.
ChangelogDedupSettings settings_of(const OperatorScript& script) {
  ChangelogDedupSettings settings;
  settings.source = "orders";
  const std::string type = script.has("numbers") ? "numeric" : "text";
  settings.schema = schema_of("id text, v " + type + ", version int");
  settings.key = {0};
  if (script.setting("ops") == "all") settings.ops = ChangelogOps::all;
  if (script.has("versioned")) settings.version_column = 2;
  settings.ttl_us = script.duration("ttl");
  return settings;
}

TEST(ChangelogDedup, ChangelogDedup_GivesWhatTheCasesSay) {
  check_golden_folder("tests/unit/operators/cases/changelog_dedup", [](const std::string& text) {
    const OperatorScript script(text);
    const ChangelogDedupSettings settings = settings_of(script);
    OperatorHarness harness(make_changelog_dedup(settings), {{settings.schema, settings.key}});
    return script.run(harness, {"row"});
  });
}

TEST(ChangelogDedup, ChangelogDedup_RefusesMalformedState) {
  const auto description = make_changelog_dedup(settings_of(OperatorScript("")));
  VirtualClock clock(0);
  OperatorInstance instance(*description, {&clock, nullptr, nullptr, nullptr}, TimeZone(), {});
  ASSERT_TRUE(instance.open().has_value());
  for (const char* value : {"", "1234567", "12345678"}) {
    EXPECT_EQ(instance.restore_entry({0, KeyGroup(0), "a", value}).error().code,
              ErrorCode::state_corrupt);
  }
}

// What is forgotten is noted until a snapshot has removed it.
TEST(ChangelogDedup, ChangelogDedup_ChargesWhatItNotesForTheNextSnapshot) {
  const ChangelogDedupSettings settings = settings_of(OperatorScript("set ttl 1h"));
  const auto description = make_changelog_dedup(settings);
  VirtualClock clock(0);
  OperatorInstance instance(*description, {&clock, nullptr, nullptr, nullptr}, TimeZone(), {});
  ASSERT_TRUE(instance.open().has_value());
  SavedState saved;
  ASSERT_TRUE(instance.process(0, read_rows(settings.schema, "a | x | 1\n b | y | 1")));
  ASSERT_TRUE(instance.snapshot(SnapshotKind::full, saved));
  ASSERT_TRUE(instance.advance(Watermark::final()));
  EXPECT_GT(instance.memory_bytes(), 0u);
  ASSERT_TRUE(instance.snapshot(SnapshotKind::delta, saved));
  EXPECT_TRUE(saved.entries().empty());
  EXPECT_EQ(instance.memory_bytes(), 0u);
}

}  // namespace
}  // namespace sluice
