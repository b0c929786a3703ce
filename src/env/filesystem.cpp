#include "env/filesystem.hpp"

namespace sluice {

Status Filesystem::replace_atomically(const std::string& path, std::string_view bytes) {
  const std::string temporary = path + ".tmp";
  SLUICE_ASSIGN(const auto file, create(temporary));
  SLUICE_TRY(file->append(bytes));
  SLUICE_TRY(file->sync());
  SLUICE_TRY(file->close());
  SLUICE_TRY(rename(temporary, path));
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return sync_directory(".");
  return sync_directory(slash == 0 ? "/" : path.substr(0, slash));
}

}  // namespace sluice
