// Files whose checksums are right and whose contents are not, as a bug or an attacker would write
// them: readers refuse or read them, and never read past a block or take more memory than the file
// has. Run under the address sanitizer too.
#include <gtest/gtest.h>

#include <random>

#include "storage/block_file.hpp"
#include "storage/encoding.hpp"
#include "unit/storage/sample_files.hpp"

namespace sluice::test {
namespace {

constexpr char path[] = "state/file";
constexpr uint64_t files_per_kind = 3000;

FileKind kind_of(const std::string& name) {
  if (name == "state") return FileKind::state;
  if (name == "spool") return FileKind::spool;
  if (name == "rejects") return FileKind::rejects;
  return name == "manifest" ? FileKind::manifest : FileKind::published;
}

std::vector<std::pair<BlockKind, std::string>> blocks_of(FakeFilesystem& files, FileKind kind) {
  std::vector<std::pair<BlockKind, std::string>> blocks;
  auto reader = BlockFileReader::open(files, path, kind);
  EXPECT_TRUE(reader);
  while (true) {
    const auto block = (*reader)->next();
    if (!block || !*block) return blocks;
    blocks.emplace_back((*block)->kind, (*block)->payload);
  }
}

void spoil(std::string& payload, std::mt19937_64& random) {
  for (uint64_t times = 1 + random() % 3; times > 0; --times) {
    const size_t at = payload.empty() ? 0 : random() % payload.size();
    switch (random() % 5) {
      case 0:
        payload.resize(at);
        break;
      case 1:
        payload.insert(at, 1, static_cast<char>(random()));
        break;
      case 2:
        payload.insert(at, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
        break;
      case 3:
        payload += payload.substr(at);
        break;
      default:
        if (!payload.empty()) payload[at] = static_cast<char>(random());
    }
  }
}

class MalformedFile : public testing::TestWithParam<SampleFile> {};

TEST_P(MalformedFile, IsReadOrRefusedWithoutHarm) {
  FakeFilesystem files;
  ASSERT_TRUE(files.create_directories("state"));
  const FileKind kind = kind_of(GetParam().name);
  GetParam().write(files, path);
  const auto sound = blocks_of(files, kind);
  ASSERT_FALSE(sound.empty());
  uint64_t refused = 0;
  for (uint64_t seed = 1; seed <= files_per_kind; ++seed) {
    std::mt19937_64 random(seed);
    auto blocks = sound;
    spoil(blocks[random() % blocks.size()].second, random);
    auto writer = BlockFileWriter::create(files, path, kind);
    ASSERT_TRUE(writer);
    for (const auto& [block_kind, payload] : blocks) {
      ASSERT_TRUE((*writer)->append(block_kind, payload, 1));
    }
    ASSERT_TRUE((*writer)->finish());
    ASSERT_TRUE((*writer)->sync_and_close());
    const Status read = GetParam().read(files, path);
    if (read) continue;
    ++refused;
    EXPECT_EQ(read.error().code, ErrorCode::state_corrupt)
        << "seed " << seed << ": " << read.error().to_string();
  }
  EXPECT_GT(refused, files_per_kind / 10) << "the spoiling reached nothing";
}

INSTANTIATE_TEST_SUITE_P(Files, MalformedFile, testing::ValuesIn(sample_files()),
                         [](const auto& test) { return test.param.name; });

TEST(ByteReader, NeverReadsPastTheEnd) {
  const std::string longest(10, '\xff');
  ByteReader reader(longest);
  uint64_t number = 7;
  std::string_view text = "untouched";
  EXPECT_FALSE(reader.read_varint(number)) << "a varint of more than 64 bits";
  EXPECT_FALSE(reader.read_text(text));
  EXPECT_FALSE(reader.read_bytes(11, text));
  EXPECT_EQ(number, 7u);
  EXPECT_EQ(text, "untouched");
  EXPECT_EQ(reader.rest().size(), longest.size()) << "a failed read moved on";
}

TEST(ByteReader, GivesBackEveryVarint) {
  for (int bits = 0; bits <= 64; ++bits) {
    for (const uint64_t around : {UINT64_MAX, uint64_t{0}, uint64_t{1}}) {
      const uint64_t value = (bits == 64 ? 0 : uint64_t{1} << bits) + around;
      std::string bytes;
      append_varint(bytes, value);
      ByteReader reader(bytes);
      uint64_t read = 0;
      ASSERT_TRUE(reader.read_varint(read)) << value;
      EXPECT_EQ(read, value);
      EXPECT_TRUE(reader.is_empty());
    }
  }
}

}  // namespace
}  // namespace sluice::test
