#include "storage/state_folder.hpp"

#include <gmock/gmock.h>

#include "support/fake_filesystem.hpp"

namespace sluice::test {
namespace {

using testing::UnorderedElementsAre;

void touch(FakeFilesystem& files, const std::string& path) {
  ASSERT_TRUE(files.replace_atomically(path, "x"));
}

TEST(StateFolder, NamesAreReadBack) {
  for (const Epoch epoch : {Epoch(0), Epoch(17), Epoch(UINT64_MAX)}) {
    EXPECT_EQ(parse_state_file_name(manifest_name(epoch))->epoch, epoch);
    EXPECT_EQ(parse_state_file_name(state_name(epoch))->epoch, epoch);
    const auto spool = parse_state_file_name(spool_name(epoch, "my_db"));
    EXPECT_EQ(spool->epoch, epoch);
    EXPECT_EQ(spool->target, "my_db");
    EXPECT_EQ(parse_state_file_name(rejects_name(epoch, "k"))->kind, StateFileName::Kind::rejects);
  }
}

TEST(StateFolder, OtherNamesAreNotOurs) {
  for (const std::string name :
       {"LOCK", "UID", "MANIFEST-", "MANIFEST-x", "MANIFEST-1.tmp", "MANIFEST-1-db", "state-1-a",
        "spool-1", "spool-1-", "spool--db", "rejects-99999999999999999999-db", "notes.txt"}) {
    EXPECT_FALSE(parse_state_file_name(name).has_value()) << name;
  }
}

TEST(StateFolder, SecondOpenerIsRefused) {
  FakeFilesystem files;
  const auto first = StateFolder::open(files, "state");
  ASSERT_TRUE(first);
  const auto second = StateFolder::open(files, "state");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::state_locked);
}

TEST(StateFolder, UidIsDrawnOnceAndSurvivesALossOfPower) {
  FakeFilesystem files;
  std::string uid;
  {
    auto folder = StateFolder::open(files, "state");
    ASSERT_TRUE(folder);
    uid = folder->load_uid().value();
  }
  EXPECT_EQ(uid.size(), 32u);
  files.lose_power();
  auto folder = StateFolder::open(files, "state");
  ASSERT_TRUE(folder);
  EXPECT_EQ(folder->load_uid().value(), uid);
}

TEST(StateFolder, ManifestsWithoutUidAreDamage) {
  FakeFilesystem files;
  auto folder = StateFolder::open(files, "state");
  ASSERT_TRUE(folder);
  touch(files, "state/MANIFEST-1");
  const auto uid = folder->load_uid();
  ASSERT_FALSE(uid);
  EXPECT_EQ(uid.error().code, ErrorCode::state_corrupt);
}

TEST(StateFolder, KeepsWhatTwoManifestsReachAndWhatIsNotOurs) {
  FakeFilesystem files;
  auto folder = StateFolder::open(files, "state");
  ASSERT_TRUE(folder);
  for (const std::string name :
       {"MANIFEST-1", "MANIFEST-2", "MANIFEST-3", "state-1", "state-2", "state-3", "state-4",
        "spool-1-db", "spool-2-db", "spool-3-db", "spool-4-db", "rejects-1-db", "rejects-2-db",
        "rejects-2-gone", "notes.txt", "MANIFEST-4.tmp"}) {
    touch(files, "state/" + name);
  }
  Manifest previous;
  previous.epoch = Epoch(2);
  previous.state_files = {{"state-2", {}, SnapshotKind::full}};
  previous.targets["db"].rejects_folded = Epoch(1);
  Manifest newest = previous;
  newest.epoch = Epoch(3);
  newest.state_files.push_back({"state-3", {}, SnapshotKind::delta});
  newest.spools = {{"db", Epoch(2), {}, "spool-2-db", {}, false},
                   {"db", Epoch(3), {}, "spool-3-db", {}, false}};
  newest.targets["db"].rejects_folded = Epoch(2);
  ASSERT_TRUE(folder->remove_unreached(&newest, &previous, Epoch(3)));
  EXPECT_THAT(files.list("state").value(),
              UnorderedElementsAre("LOCK", "MANIFEST-2", "MANIFEST-3", "state-2", "state-3",
                                   "state-4", "spool-2-db", "spool-3-db", "spool-4-db",
                                   "rejects-2-db", "notes.txt", "MANIFEST-4.tmp"));
}

}  // namespace
}  // namespace sluice::test
