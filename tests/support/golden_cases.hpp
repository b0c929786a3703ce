// Golden cases: text files in which each case is `=== name`, an input, `---`, and the output that
// is expected. A test computes the output; a difference fails with both. With SLUICE_UPDATE_GOLDEN
// set in the environment the files are rewritten instead, to be reviewed as a change of the code
// is.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace sluice {

struct GoldenCase {
  std::string name;
  std::string input;
  std::string expected;
};

// The cases of a file.
std::vector<GoldenCase> read_golden_cases(const std::string& path);

// Runs every case of every *.txt in a folder under the source folder, as GoogleTest expectations.
void check_golden_folder(const std::string& folder,
                         const std::function<std::string(const std::string& input)>& compute);

}  // namespace sluice
