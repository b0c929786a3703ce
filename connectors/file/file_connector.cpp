#include "connectors/file/file_connector.hpp"

#include "connectors/file/failpoints.hpp"
#include "connectors/file/file_publisher.hpp"
#include "connectors/file/file_sink.hpp"
#include "connectors/file/file_source.hpp"
#include "connectors/file/folder.hpp"

namespace sluice {

namespace {

class FileConnector final : public Connector {
 public:
  std::string name() const override { return "file"; }
  const OptionTable& connection_options() const override { return file::connection_options(); }
  const OptionTable* source_options() const override { return &file::source_options(); }
  const OptionTable* sink_options() const override { return &file::sink_options(); }
  bool source_uses_format() const override { return true; }
  bool sink_uses_format() const override { return true; }
  bool gives_exactly_once() const override { return true; }
  std::vector<SinkMode> sink_modes() const override {
    return {SinkMode::append, SinkMode::upsert, SinkMode::changelog};
  }
  std::span<const Failpoint> failpoints() const override { return file::failpoints::all; }

  Result<std::unique_ptr<SourceDescription>> make_source(const Options& connection,
                                                         const Options& options) const override {
    return file::make_source(connection, options);
  }
  Result<std::unique_ptr<SinkDescription>> make_sink(const SinkRequest& request) const override {
    return file::make_sink(request);
  }
  Result<std::unique_ptr<Publisher>> make_publisher(
      const PublisherRequest& request) const override {
    return file::make_publisher(request);
  }
  void check_source(const Environment& environment, const Options& connection,
                    const Options& options, Diagnostics& diagnostics) const override {
    const auto files = file::find_files(*environment.filesystem, file::folder_of(connection),
                                        options.text("path"));
    if (files) return;
    diagnostics.error(files.error().code, options.location("path"), files.error().message,
                      files.error().advice);
  }
  void check_sink(const Environment& environment, const SinkRequest& request,
                  Diagnostics& diagnostics) const override {
    const std::string folder = file::folder_of(*request.connection);
    const std::string path = folder + "/" + request.options->text("path");
    if (!environment.filesystem->list(folder)) {
      diagnostics.error(ErrorCode::target_unsuitable, request.options->location("path"),
                        "folder " + folder + " does not exist",
                        "create the folder, or correct the connection's path");
    } else if (environment.filesystem->list(path)) {
      diagnostics.error(ErrorCode::target_unsuitable, request.options->location("path"),
                        path + " is a folder", "name a file in it");
    }
  }
};

}  // namespace

std::unique_ptr<Connector> make_file_connector() { return std::make_unique<FileConnector>(); }

}  // namespace sluice
