#include "storage/spool_file.hpp"

#include <gmock/gmock.h>

#include "unit/storage/sample_files.hpp"

namespace sluice::test {
namespace {

using testing::ElementsAre;

const SpoolHeader header{Epoch(9), "db", {{"orders", "table orders", false}, {"dead", "t", true}}};

std::vector<std::string> read_all(SpoolReader& reader) {
  std::vector<std::string> operations;
  while (true) {
    const auto operation = reader.next();
    if (!operation) ADD_FAILURE() << operation.error().to_string();
    if (!operation || !*operation) return operations;
    operations.push_back(std::to_string((*operation)->sink) + ":" +
                         std::string((*operation)->bytes));
  }
}

TEST(SpoolFile, GivesOperationsOfAllSinksInOrderAndAgainAfterRewind) {
  FakeFilesystem files;
  auto writer = SpoolWriter::create(files, "spool", header);
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->append(0, framed({"a", ""}), 2));
  ASSERT_TRUE((*writer)->append(1, framed({"letter"}), 1));
  ASSERT_TRUE((*writer)->append(0, framed({"c"}), 1));
  ASSERT_TRUE((*writer)->close({Epoch(7), 5}));
  auto reader = SpoolReader::open(files, "spool");
  ASSERT_TRUE(reader);
  EXPECT_THAT(read_all(**reader), ElementsAre("0:a", "0:", "1:letter", "0:c"));
  ASSERT_TRUE((*reader)->rewind());
  EXPECT_THAT(read_all(**reader), ElementsAre("0:a", "0:", "1:letter", "0:c"));
  EXPECT_EQ((*reader)->header().sinks[1].name, "dead");
  EXPECT_TRUE((*reader)->header().sinks[1].takes_dead_letters);
}

TEST(SpoolFile, KeepsManyOperationsAcrossBlocksAndOneLargerThanABlock) {
  FakeFilesystem files;
  auto writer = SpoolWriter::create(files, "spool", header);
  ASSERT_TRUE(writer);
  std::vector<std::string> operations;
  std::vector<std::string> expected;
  for (int i = 0; i < 3000; ++i) {
    operations.push_back(std::to_string(i) + std::string(i == 1500 ? 1'000'000 : 500, 'x'));
    expected.push_back("0:" + operations.back());
  }
  ASSERT_TRUE((*writer)->append(0, framed(operations), operations.size()));
  EXPECT_EQ((*writer)->operations(), operations.size());
  ASSERT_TRUE((*writer)->close({}));
  auto reader = SpoolReader::open(files, "spool");
  ASSERT_TRUE(reader);
  EXPECT_EQ(read_all(**reader), expected);
}

TEST(SpoolFile, SummaryHasWhatPublishingNeeds) {
  FakeFilesystem files;
  auto writer = SpoolWriter::create(files, "spool", header);
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->append(0, framed({"a", "b"}), 2));
  const auto seal = (*writer)->close({Epoch(7), 5});
  ASSERT_TRUE(seal);
  const auto summary = verify_spool(files, "spool", *seal);
  ASSERT_TRUE(summary) << summary.error().to_string();
  EXPECT_EQ(summary->header.epoch, Epoch(9));
  EXPECT_EQ(summary->header.target, "db");
  EXPECT_EQ(summary->after, (MarkerPoint{Epoch(7), 5}));
  EXPECT_EQ(summary->operations, 2u);
}

TEST(SpoolFile, AnotherSoundSpoolThanTheManifestNamesIsRefused) {
  FakeFilesystem files;
  auto writer = SpoolWriter::create(files, "spool", header);
  ASSERT_TRUE(writer);
  const auto seal = (*writer)->close({});
  ASSERT_TRUE(seal);
  const auto summary = verify_spool(files, "spool", {seal->bytes, seal->checksum + 1});
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, ErrorCode::state_corrupt);
}

TEST(SpoolFile, SyncsItsBytesBeforeItIsClosed) {
  FakeFilesystem files;
  auto writer = SpoolWriter::create(files, "spool", header);
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->append(0, framed({"a"}), 1));
  files.fail_nth(FileOperation::sync, 1);
  EXPECT_FALSE((*writer)->close({}));
  EXPECT_EQ(files.uses_after_failed_sync(), 0u);
}

}  // namespace
}  // namespace sluice::test
