#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "connectors/battery/driver.hpp"
#include "connectors/battery/every_type.hpp"
#include "connectors/file/failpoints.hpp"
#include "connectors/file/file_connector.hpp"

namespace sluice::test {

namespace {

namespace fs = std::filesystem;

class FileDriver final : public ConnectorDriver {
 public:
  FileDriver() {
    std::string pattern = (fs::temp_directory_path() / "sluice_battery_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~FileDriver() override { fs::remove_all(folder_); }

  std::unique_ptr<Connector> connector() const override { return make_file_connector(); }
  std::string connection() override { return "{path: " + folder_ + "}"; }
  std::string make_place(const Schema&) override {
    path_ = unique_name("rows") + ".jsonl";
    return "{path: " + path_ + "}";
  }
  const std::string& place() const override { return path_; }
  std::vector<std::string> shown() override {
    std::vector<std::string> lines;
    std::ifstream file(folder_ + "/" + path_);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    std::sort(lines.begin(), lines.end());
    return lines;
  }
  std::string row(int64_t id, const std::string& v) const override {
    return "{\"id\":" + std::to_string(id) + ",\"v\":\"" + v + "\"}";
  }
  std::vector<std::string> every_type() const override { return every_type_documents(); }

  std::vector<Failpoint> points_before_commit() const override {
    return {file::failpoints::after_new_files, file::failpoints::after_rows};
  }
  std::vector<Failpoint> points_after_commit() const override {
    return {file::failpoints::after_marker};
  }
  std::vector<BadConfig> bad_configs() override {
    using Stage = BadConfig::Stage;
    return {
        {Stage::make_sink, connection(), "{path: ../x}", ErrorCode::invalid_value},
        {Stage::look, "{path: " + folder_ + "/none}", "{path: x}", ErrorCode::target_unsuitable}};
  }
  std::optional<Server> server() const override { return std::nullopt; }

 private:
  std::string folder_;
  std::string path_;
};

}  // namespace

std::unique_ptr<ConnectorDriver> make_file_driver(TestServers&) {
  return std::make_unique<FileDriver>();
}

}  // namespace sluice::test
