#include "support/fake_filesystem.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

void write(Filesystem& files, const std::string& path, std::string_view bytes) {
  auto file = files.create(path);
  ASSERT_TRUE(file.has_value());
  ASSERT_TRUE((*file)->append(bytes).has_value());
  ASSERT_TRUE((*file)->sync().has_value());
}

TEST(FakeFilesystem, PowerLossForgetsUnsyncedBytes) {
  FakeFilesystem files;
  auto file = files.create("a");
  ASSERT_TRUE(file.has_value());
  ASSERT_TRUE((*file)->append("one").has_value());
  ASSERT_TRUE((*file)->sync().has_value());
  ASSERT_TRUE(files.sync_directory(".").has_value());
  ASSERT_TRUE((*file)->append("two").has_value());
  EXPECT_EQ(files.content("a"), "onetwo");
  files.lose_power();
  EXPECT_EQ(files.content("a"), "one");
  EXPECT_FALSE((*file)->append("three").has_value());
  EXPECT_EQ(files.content("a"), "one");
}

TEST(FakeFilesystem, PowerLossMayTearTheUnsyncedEnd) {
  FakeFilesystem files;
  auto file = files.create("a");
  ASSERT_TRUE((*file)->append("one").has_value());
  ASSERT_TRUE((*file)->sync().has_value());
  ASSERT_TRUE(files.sync_directory(".").has_value());
  ASSERT_TRUE((*file)->append("two").has_value());
  files.lose_power(2);
  EXPECT_EQ(files.content("a"), "onetw");
}

TEST(FakeFilesystem, PowerLossForgetsNamesWhoseFolderWasNotSynced) {
  FakeFilesystem files;
  ASSERT_TRUE(files.create_directories("/s/t").has_value());
  write(files, "/s/t/old", "old");
  ASSERT_TRUE(files.sync_directory("/s/t").has_value());
  write(files, "/s/t/new", "new");
  ASSERT_TRUE(files.rename("/s/t/new", "/s/t/old").has_value());
  EXPECT_EQ(files.content("/s/t/old"), "new");
  files.lose_power();
  EXPECT_EQ(files.content("/s/t/old"), "old");
  EXPECT_FALSE(files.exists("/s/t/new"));
}

TEST(FakeFilesystem, RemovalLastsOnlyAfterTheFolderIsSynced) {
  FakeFilesystem files;
  write(files, "a", "x");
  ASSERT_TRUE(files.sync_directory(".").has_value());
  ASSERT_TRUE(files.remove("a").has_value());
  files.lose_power();
  EXPECT_TRUE(files.exists("a"));
  ASSERT_TRUE(files.remove("a").has_value());
  ASSERT_TRUE(files.sync_directory(".").has_value());
  files.lose_power();
  EXPECT_FALSE(files.exists("a"));
}

TEST(FakeFilesystem, NthOperationOfAKindFailsOnce) {
  FakeFilesystem files;
  auto file = files.create("a");
  files.fail_nth(FileOperation::append, 2);
  EXPECT_TRUE((*file)->append("1").has_value());
  const Status failed = (*file)->append("2222");
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, ErrorCode::io_failed);
  EXPECT_TRUE((*file)->append("3").has_value());
  EXPECT_EQ(files.content("a"), "1223");
  EXPECT_EQ(files.count(FileOperation::append), 3u);
}

TEST(FakeFilesystem, UseOfAFileAfterAFailedSyncIsNoticed) {
  FakeFilesystem files;
  auto file = files.create("a");
  files.fail_nth(FileOperation::sync, 1);
  EXPECT_FALSE((*file)->sync().has_value());
  EXPECT_EQ(files.uses_after_failed_sync(), 0u);
  EXPECT_FALSE((*file)->sync().has_value());
  EXPECT_EQ(files.uses_after_failed_sync(), 1u);
}

TEST(FakeFilesystem, LockIsExclusiveUntilReleasedOrThePowerIsLost) {
  FakeFilesystem files;
  auto first = files.lock("lock");
  ASSERT_TRUE(first.has_value());
  const auto second = files.lock("lock");
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::state_locked);
  files.lose_power();
  auto third = files.lock("lock");
  ASSERT_TRUE(third.has_value());
  first->reset();
  EXPECT_FALSE(files.lock("lock").has_value());
  third->reset();
  EXPECT_TRUE(files.lock("lock").has_value());
}

// Whatever operation is the last one before the power goes, a reader finds the old bytes or the
// new.
TEST(ReplaceAtomically, LeavesOldOrNewBytesAtEveryCrashPoint) {
  bool was_new = false;
  for (uint64_t crash_at = 1; !was_new; ++crash_at) {
    ASSERT_LT(crash_at, 100u);
    for (const uint64_t kept_bytes : {0, 2, 1000}) {
      FakeFilesystem files;
      ASSERT_TRUE(files.create_directories("/s").has_value());
      ASSERT_TRUE(files.replace_atomically("/s/m", "the old bytes").has_value());
      files.fail_from(files.operations() + crash_at);
      const Status replaced = files.replace_atomically("/s/m", "the new bytes");
      files.lose_power(kept_bytes);
      was_new = files.content("/s/m") == "the new bytes";
      EXPECT_TRUE(was_new || files.content("/s/m") == "the old bytes") << files.content("/s/m");
      EXPECT_EQ(replaced.has_value(), was_new) << "at operation " << crash_at;
      EXPECT_EQ(files.uses_after_failed_sync(), 0u);
    }
  }
}

}  // namespace
}  // namespace sluice::test
