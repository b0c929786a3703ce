#include "connectors/file/folder.hpp"

#include <filesystem>

namespace sluice::file {

const OptionTable& connection_options() {
  static const OptionTable table = {
      {"path", OptionKind::text, true, "", "folder that holds the files"},
  };
  return table;
}

std::string folder_of(const Options& connection) {
  std::string folder = connection.text("path");
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  return folder;
}

Status check_path(const std::string& path) {
  size_t begin = 0;
  while (begin <= path.size()) {
    const size_t end = std::min(path.find('/', begin), path.size());
    const bool is_plain = end > begin && path[begin] != '.';
    if (!is_plain) {
      return fail_option(
          "path", ErrorCode::invalid_value,
          "path \"" + path + "\" does not name a file inside the connection's folder",
          "write a relative path without .. and without names that begin with a dot");
    }
    begin = end + 1;
  }
  if (path.find('\n') == std::string::npos) return {};
  return fail_option("path", ErrorCode::invalid_value, "a path cannot hold a line feed");
}

std::string use_of(const std::string& folder, const std::string& path) {
  return "file " + std::filesystem::path(folder + "/" + path).lexically_normal().string();
}

std::string parent_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace sluice::file
