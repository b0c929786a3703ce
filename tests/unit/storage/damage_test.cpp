// What bit rot, a torn write or another version does to every kind of file: it is found before
// anything of the file is used, and named.
#include <gtest/gtest.h>

#include "base/checksum.hpp"
#include "storage/block_file.hpp"
#include "storage/encoding.hpp"
#include "storage/state_folder.hpp"
#include "unit/storage/sample_files.hpp"

namespace sluice::test {
namespace {

constexpr char path[] = "state/file";

class DamagedFile : public testing::TestWithParam<SampleFile> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(files_.create_directories("state"));
    GetParam().write(files_, path);
    sound_ = files_.content(path);
    ASSERT_FALSE(sound_.empty());
  }
  void expect_refused(const std::string& bytes, ErrorCode code, const std::string& how) {
    files_.corrupt(path, bytes);
    const Status read = GetParam().read(files_, path);
    ASSERT_FALSE(read) << how << " was not found";
    EXPECT_EQ(read.error().code, code) << how << ": " << read.error().to_string();
    EXPECT_NE(read.error().message.find(path), std::string::npos)
        << how << ": " << read.error().message;
  }

  FakeFilesystem files_;
  std::string sound_;
};

TEST_P(DamagedFile, ReadsWhenSound) {
  const Status read = GetParam().read(files_, path);
  EXPECT_TRUE(read) << read.error().to_string();
}

TEST_P(DamagedFile, EveryFlippedBitIsFound) {
  for (size_t byte = 0; byte < sound_.size(); ++byte) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = sound_;
      damaged[byte] = static_cast<char>(damaged[byte] ^ (1 << bit));
      expect_refused(damaged, ErrorCode::state_corrupt,
                     "bit " + std::to_string(bit) + " of byte " + std::to_string(byte));
    }
  }
}

TEST_P(DamagedFile, EveryTornEndIsFound) {
  for (size_t size = 0; size < sound_.size(); ++size) {
    expect_refused(sound_.substr(0, size), ErrorCode::state_corrupt,
                   "an end at byte " + std::to_string(size));
  }
}

TEST_P(DamagedFile, BytesBehindTheEndAreFound) {
  expect_refused(sound_ + "x", ErrorCode::state_corrupt, "a byte more");
  expect_refused(sound_ + sound_.substr(20), ErrorCode::state_corrupt, "its blocks twice");
}

TEST_P(DamagedFile, AnotherVersionIsNamedAsSuch) {
  std::string header = sound_.substr(0, 8);
  append_u32(header, 100);
  append_u64(header, checksum(header));
  expect_refused(header + sound_.substr(header.size()), ErrorCode::state_version, "a version");
}

TEST_P(DamagedFile, AnotherKindOfFileIsRefused) {
  for (const SampleFile& other : sample_files()) {
    if (other.name == GetParam().name) continue;
    other.write(files_, "state/other");
    expect_refused(files_.content("state/other"), ErrorCode::state_corrupt, other.name);
  }
}

INSTANTIATE_TEST_SUITE_P(Files, DamagedFile, testing::ValuesIn(sample_files()),
                         [](const auto& test) { return test.param.name; });

TEST(DamagedUid, EveryFlippedBitIsFound) {
  FakeFilesystem files;
  auto folder = StateFolder::open(files, "state");
  ASSERT_TRUE(folder);
  ASSERT_TRUE(folder->load_uid());
  const std::string sound = files.content("state/UID");
  for (size_t bit = 0; bit < 8 * sound.size(); ++bit) {
    std::string damaged = sound;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    files.corrupt("state/UID", damaged);
    const auto uid = folder->load_uid();
    ASSERT_FALSE(uid) << "bit " << bit;
    EXPECT_EQ(uid.error().code, ErrorCode::state_corrupt);
  }
}

TEST(BlockFile, SwappedBlocksAreFoundByTheTrailer) {
  FakeFilesystem files;
  auto writer = BlockFileWriter::create(files, "file", FileKind::spool);
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->append(BlockKind::entries, "aaaa", 1));
  ASSERT_TRUE((*writer)->append(BlockKind::entries, "bbbb", 1));
  ASSERT_TRUE((*writer)->finish());
  ASSERT_TRUE((*writer)->sync_and_close());
  const std::string bytes = files.content("file");
  constexpr size_t header = 20;
  constexpr size_t block = 4 + 1 + 4 + 8;
  files.corrupt("file", bytes.substr(0, header) + bytes.substr(header + block, block) +
                            bytes.substr(header, block) + bytes.substr(header + 2 * block));
  auto reader = BlockFileReader::open(files, "file", FileKind::spool);
  ASSERT_TRUE(reader);
  ASSERT_TRUE((*reader)->next());
  ASSERT_TRUE((*reader)->next());
  const auto end = (*reader)->next();
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, ErrorCode::state_corrupt);
}

TEST(BlockFile, StatedLengthBeyondTheLimitAllocatesNothing) {
  FakeFilesystem files;
  auto writer = BlockFileWriter::create(files, "file", FileKind::spool);
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->finish());
  ASSERT_TRUE((*writer)->sync_and_close());
  std::string bytes = files.content("file");
  bytes.replace(20, 4, "\xff\xff\xff\xff");
  files.corrupt("file", bytes);
  auto reader = BlockFileReader::open(files, "file", FileKind::spool);
  ASSERT_TRUE(reader);
  const auto block = (*reader)->next();
  ASSERT_FALSE(block);
  EXPECT_EQ(block.error().code, ErrorCode::state_corrupt);
}

TEST(BlockFile, PayloadOverTheLimitIsAnError) {
  FakeFilesystem files;
  auto writer = BlockFileWriter::create(files, "file", FileKind::state);
  ASSERT_TRUE(writer);
  const Status appended =
      (*writer)->append(BlockKind::entries, std::string(max_block_bytes + 1, 'x'), 1);
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().code, ErrorCode::entry_too_large);
}

}  // namespace
}  // namespace sluice::test
