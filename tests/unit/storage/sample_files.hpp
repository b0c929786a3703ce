// One written sample of every kind of file of the state folder, and how each is read to its end.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "support/fake_filesystem.hpp"

namespace sluice::test {

std::string framed(const std::vector<std::string>& operations);

struct SampleFile {
  std::string name;
  std::function<void(FakeFilesystem&, const std::string& path)> write;
  // Reads all of it, as a start does when no manifest says what to expect.
  std::function<Status(FakeFilesystem&, const std::string& path)> read;
};

std::vector<SampleFile> sample_files();

}  // namespace sluice::test
