#include "env/filesystem.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace {

// The paths of this program's fsync() calls, which the linker leads through here.
std::vector<std::string> synced_paths;

}  // namespace

extern "C" int __real_fsync(int descriptor);
extern "C" int __wrap_fsync(int descriptor) {
  synced_paths.push_back(
      std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor)));
  return __real_fsync(descriptor);
}

namespace sluice {
namespace {

class PosixFilesystem : public testing::Test {
 protected:
  PosixFilesystem() {
    std::string pattern = testing::TempDir() + "sluice_files_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~PosixFilesystem() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::string content(const std::string& name) {
    return files_->read_all(path(name), 100).value_or("unreadable");
  }
  std::vector<std::string> names() {
    return files_->list(folder_).value_or(std::vector<std::string>{"unreadable"});
  }

  std::string folder_;
  std::unique_ptr<Filesystem> files_ = make_posix_filesystem();
};

TEST_F(PosixFilesystem, AppendedBytesAreReadBackAtAnyPosition) {
  auto file = files_->create(path("a"));
  ASSERT_TRUE(file.has_value());
  ASSERT_TRUE((*file)->append("hello ").has_value());
  ASSERT_TRUE((*file)->append("world").has_value());
  ASSERT_TRUE((*file)->sync().has_value());
  ASSERT_TRUE((*file)->close().has_value());
  const auto reader = files_->open(path("a"));
  ASSERT_TRUE(reader.has_value());
  EXPECT_EQ((*reader)->size().value_or(0), 11u);
  char bytes[5];
  ASSERT_TRUE((*reader)->read_at(6, sizeof bytes, bytes).has_value());
  EXPECT_EQ(std::string_view(bytes, sizeof bytes), "world");
  EXPECT_EQ(content("a"), "hello world");
}

TEST_F(PosixFilesystem, ShortReadIsAnError) {
  ASSERT_TRUE(files_->replace_atomically(path("a"), "1234").has_value());
  const auto reader = files_->open(path("a"));
  char bytes[4];
  const Status read = (*reader)->read_at(2, sizeof bytes, bytes);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, ErrorCode::io_failed);
}

TEST_F(PosixFilesystem, TruncateKeepsTheBeginning) {
  ASSERT_TRUE(files_->replace_atomically(path("a"), "1234").has_value());
  ASSERT_TRUE(files_->truncate(path("a"), 1).has_value());
  EXPECT_EQ(content("a"), "1");
  EXPECT_EQ(files_->truncate(path("none"), 0).error().code, ErrorCode::io_failed);
}

TEST_F(PosixFilesystem, NewFoldersLast) {
  const std::string root = std::filesystem::canonical(folder_);
  synced_paths.clear();
  ASSERT_TRUE(files_->create_directories(root + "/a/b/").has_value());
  EXPECT_TRUE(std::filesystem::is_directory(root + "/a/b"));
  EXPECT_EQ(synced_paths, (std::vector<std::string>{root + "/a", root}));
  ASSERT_TRUE(files_->create_directories(root + "/a/b").has_value());
  EXPECT_EQ(synced_paths.size(), 2u) << "nothing was created";
}

TEST_F(PosixFilesystem, ReadAllRefusesMoreThanAsked) {
  ASSERT_TRUE(files_->replace_atomically(path("a"), "1234").has_value());
  EXPECT_TRUE(files_->read_all(path("a"), 4).has_value());
  EXPECT_FALSE(files_->read_all(path("a"), 3).has_value());
}

TEST_F(PosixFilesystem, CreateTruncatesAndAppendToKeeps) {
  ASSERT_TRUE(files_->replace_atomically(path("a"), "1234").has_value());
  ASSERT_TRUE((*files_->append_to(path("a")))->append("5").has_value());
  EXPECT_EQ(content("a"), "12345");
  ASSERT_TRUE((*files_->create(path("a")))->append("6").has_value());
  EXPECT_EQ(content("a"), "6");
}

// Data for other programs, unlike what `create` makes.
TEST_F(PosixFilesystem, AppendToCreatesAsTheUmaskSays) {
  const mode_t before = ::umask(027);
  const auto file = files_->append_to(path("a"));
  ::umask(before);
  struct stat status {};
  ASSERT_EQ(::stat(path("a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640u);
}

TEST_F(PosixFilesystem, FilesArePrivateAndNotInherited) {
  const auto file = files_->create(path("a"));
  struct stat status {};
  ASSERT_EQ(::stat(path("a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code vanished;
    if (std::filesystem::read_symlink(entry, vanished) != path("a")) continue;
    const int flags = ::fcntl(std::stoi(entry.path().filename()), F_GETFD);
    EXPECT_NE(flags & FD_CLOEXEC, 0);
    return;
  }
  FAIL() << "no descriptor of the open file was found";
}

TEST_F(PosixFilesystem, ReplaceAtomicallyLeavesNoTemporaryFile) {
  ASSERT_TRUE(files_->replace_atomically(path("m"), "one").has_value());
  ASSERT_TRUE(files_->replace_atomically(path("m"), "two").has_value());
  EXPECT_EQ(content("m"), "two");
  EXPECT_EQ(names(), std::vector<std::string>{"m"});
}

TEST_F(PosixFilesystem, ListIsSorted) {
  for (const char* name : {"b", "a", "c"}) {
    ASSERT_TRUE(files_->replace_atomically(path(name), "").has_value());
  }
  ASSERT_TRUE(files_->create_directories(path("d/e")).has_value());
  EXPECT_EQ(names(), (std::vector<std::string>{"a", "b", "c", "d"}));
}

TEST_F(PosixFilesystem, MissingFilesAreErrorsThatNameThePath) {
  const auto opened = files_->open(path("none"));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::io_failed);
  EXPECT_EQ(opened.error().message, "cannot open " + path("none") + ": No such file or directory");
  EXPECT_FALSE(files_->remove(path("none")).has_value());
  EXPECT_FALSE(files_->rename(path("none"), path("other")).has_value());
  EXPECT_FALSE(files_->list(path("none")).has_value());
  EXPECT_FALSE(files_->sync_directory(path("none")).has_value());
  EXPECT_FALSE(files_->create(path("none/a")).has_value());
  EXPECT_FALSE(files_->exists(path("none")));
}

TEST_F(PosixFilesystem, FullDiskIsAnErrorOfTheWrite) {
  const auto full = files_->append_to("/dev/full");
  ASSERT_TRUE(full.has_value());
  const Status written = (*full)->append("x");
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().message, "cannot write /dev/full: No space left on device");
}

TEST_F(PosixFilesystem, LockIsExclusiveUntilReleased) {
  auto first = files_->lock(path("lock"));
  ASSERT_TRUE(first.has_value());
  const auto second = files_->lock(path("lock"));
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::state_locked);
  first->reset();
  EXPECT_TRUE(files_->lock(path("lock")).has_value());
}

}  // namespace
}  // namespace sluice
