#include <gtest/gtest.h>

#include "connectors/file/file_fixture.hpp"

namespace sluice::test {
namespace {

std::vector<ReadLine> lines_of(FileWorld& world, const std::string& path, size_t batch = 100) {
  const auto read = read_to_end(world, path, batch);
  EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().to_string());
  return read ? read->lines : std::vector<ReadLine>{};
}

TEST(FileSource_, ReadsEveryLineWithItsByteOffset) {
  FileWorld world;
  world.write("/data/a.jsonl", "{\"a\":1}\n{\"a\":22}\n{}\n");
  const std::vector<ReadLine> expected = {{0, "{\"a\":1}"}, {8, "{\"a\":22}"}, {17, "{}"}};
  for (const size_t batch : {1, 2, 100}) EXPECT_EQ(lines_of(world, "a.jsonl", batch), expected);
}

TEST(FileSource_, TakesALastLineWithoutLineFeed) {
  FileWorld world;
  world.write("/data/a", "1\r\n2");
  EXPECT_EQ(lines_of(world, "a"), (std::vector<ReadLine>{{0, "1"}, {3, "2"}}));
}

TEST(FileSource_, TakesAnEmptyLineForARecord) {
  FileWorld world;
  world.write("/data/a", "1\n\n\r\n2\n");
  EXPECT_EQ(lines_of(world, "a"), (std::vector<ReadLine>{{0, "1"}, {2, ""}, {3, ""}, {5, "2"}}));
}

TEST(FileSource_, FinishesAnEmptyFileAtOnce) {
  FileWorld world;
  world.write("/data/a", "");
  EXPECT_TRUE(lines_of(world, "a").empty());
}

TEST(FileSource_, ReadsLinesLongerThanItsBuffer) {
  FileWorld world;
  const std::string longer(700'000, 'x');
  world.write("/data/a", longer + "\nshort\n" + longer);
  EXPECT_EQ(lines_of(world, "a"),
            (std::vector<ReadLine>{{0, longer}, {700'001, "short"}, {700'007, longer}}));
}

TEST(FileSource_, RefusesALineAboveTheLimitByItsPlace) {
  FileWorld world;
  world.write("/data/a", "1\n" + std::string(65 * 1024 * 1024, 'x'));
  const auto read = read_to_end(world, "a", 1);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, ErrorCode::record_too_large);
  EXPECT_NE(read.error().message.find("/data/a: the line at byte 2 "), std::string::npos);
}

TEST(FileSource_, ReadsAllFilesOfAFolderButHiddenOnes) {
  FileWorld world;
  world.write("/data/in/2.jsonl", "c\n");
  world.write("/data/in/1.jsonl", "a\nb\n");
  world.write("/data/in/.marker", "x\n");
  EXPECT_EQ(lines_of(world, "in", 1), (std::vector<ReadLine>{{0, "a"}, {0, "c"}, {2, "b"}}))
      << "splits take turns";
}

TEST(FileSource_, RefusesAFileWhoseNameIsNotUtf8ByItsName) {
  FileWorld world;
  world.write("/data/in/1.jsonl", "a\n");
  world.write("/data/in/.hidden\xFF", "x\n");
  EXPECT_EQ(lines_of(world, "in"), (std::vector<ReadLine>{{0, "a"}}));
  world.write("/data/in/2\xFF.jsonl", "b\n");
  const auto read = read_to_end(world, "in", 1);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, ErrorCode::source_failed);
  EXPECT_EQ(read.error().message, "the name of the file \"2\\xFF.jsonl\" in /data/in is not UTF-8");
}

TEST(FileSource_, GoesOnAtASavedPosition) {
  FileWorld world;
  world.write("/data/a", "1\n2\n");
  const auto first = read_to_end(world, "a", 1);
  ASSERT_TRUE(first.has_value());
  world.write("/data/a", "1\n2\n3\n");
  const auto rest = read_to_end(world, "a", 1, first->positions[0]);
  ASSERT_TRUE(rest.has_value());
  EXPECT_EQ(rest->lines, (std::vector<ReadLine>{{4, "3"}}));
}

TEST(FileSource_, RefusesAnotherFileAtASavedPosition) {
  FileWorld world;
  world.write("/data/a", "1\n2\n");
  const auto first = read_to_end(world, "a", 1);
  ASSERT_TRUE(first.has_value());
  for (const char* replaced : {"1\n", "1\n3\n4\n"}) {
    world.write("/data/a", replaced);
    const auto rest = read_to_end(world, "a", 1, first->positions[0]);
    ASSERT_FALSE(rest.has_value()) << replaced;
    EXPECT_EQ(rest.error().code, ErrorCode::offset_out_of_range);
  }
}

TEST(FileSource_, MissingFileIsNamed) {
  FileWorld world;
  const auto read = read_to_end(world, "none.jsonl", 1);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, ErrorCode::source_failed);
  EXPECT_NE(read.error().message.find("/data/none.jsonl"), std::string::npos);
}

TEST(FileSource_, PathsOutsideTheFolderAreRefused) {
  const FileWorld world;
  for (const char* path : {"../a", "a/../../b", "/etc/passwd", "a//b", ".hidden", "a/", "./a"}) {
    const auto source = world.source(path);
    ASSERT_FALSE(source.has_value()) << path;
    EXPECT_EQ(source.error().code, ErrorCode::invalid_value);
  }
}

}  // namespace
}  // namespace sluice::test
