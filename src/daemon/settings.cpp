#include "daemon/settings.hpp"

#include <memory>

#include "config/option_spec.hpp"

namespace sluice {

namespace {

constexpr int64_t second_us = 1'000'000;

const OptionTable& settings_table() {
  static const OptionTable table = {
      {"state_dir", OptionKind::text, false, "state", "folder for checkpoints and spools"},
      {"namespace", OptionKind::name, false, "sluice", "first part of every id in the targets"},
      {"stop_timeout",
       OptionKind::duration,
       false,
       "30s",
       "time for the final checkpoint and its publishing",
       {},
       second_us,
       3600 * second_us},
      {"http", OptionKind::node},
      {"log", OptionKind::node}};
  return table;
}

const OptionTable& http_table() {
  static const OptionTable table = {{"listen", OptionKind::text, false, "127.0.0.1:7117",
                                     "loopback address with a port, or unix:PATH"}};
  return table;
}

const OptionTable& log_table() {
  static const OptionTable table = {{"level",
                                     OptionKind::choice,
                                     false,
                                     "info",
                                     "the least that is logged",
                                     {"debug", "info", "warning", "error"}},
                                    {"format",
                                     OptionKind::choice,
                                     false,
                                     "auto",
                                     "auto: text on a terminal, JSON otherwise",
                                     {"auto", "text", "json"}}};
  return table;
}

Node empty_map(const SourceText& file) {
  auto data = std::make_shared<Node::Data>();
  data->kind = Node::Kind::map;
  data->location.file = file.name();
  return Node(std::move(data));
}

LogLevel log_level(const std::string& text) {
  if (text == "debug") return LogLevel::debug;
  if (text == "warning") return LogLevel::warning;
  return text == "error" ? LogLevel::error : LogLevel::info;
}

ListenAddress read_listen(const Options& http, Diagnostics& diagnostics) {
  const Result<ListenAddress> address = parse_listen_address(http.text("listen"));
  if (address) return *address;
  diagnostics.error(address.error().code, http.location("listen"),
                    "\"listen\" " + address.error().message, address.error().advice);
  return {};
}

}  // namespace

DaemonSettings read_daemon_settings(const SourceText& file, Diagnostics& diagnostics) {
  const Node parsed = parse_yaml(file, diagnostics);
  const Node root = !parsed || parsed.is_null() ? empty_map(file) : parsed;
  const auto section = [&](const char* name) {
    const Node given = root[name];
    return given ? given : empty_map(file);
  };
  const Options options = settings_table().read(root, "the daemon's settings", diagnostics);
  const Options http = http_table().read(section("http"), "http", diagnostics);
  const Options log = log_table().read(section("log"), "log", diagnostics);
  DaemonSettings settings;
  settings.state_dir = options.text("state_dir");
  settings.name_space = options.text("namespace");
  settings.stop_timeout_us = options.duration_us("stop_timeout");
  settings.listen = read_listen(http, diagnostics);
  settings.log_level = log_level(log.text("level"));
  const std::string& format = log.text("format");
  if (format != "auto") settings.log_format = format == "json" ? LogFormat::json : LogFormat::text;
  return settings;
}

}  // namespace sluice
