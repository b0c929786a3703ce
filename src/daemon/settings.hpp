// DaemonSettings: the file config/sluice.yaml: what holds for the whole service, not for one
// pipeline. Every field has a default, so that the file may be left out. Pure; one thread; problems
// go to Diagnostics.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "config/document.hpp"
#include "daemon/listen_address.hpp"
#include "env/log.hpp"

namespace sluice {

struct DaemonSettings {
  std::string state_dir;
  std::string name_space;
  ListenAddress listen;
  int64_t stop_timeout_us = 0;
  LogLevel log_level = LogLevel::info;
  std::optional<LogFormat> log_format;  // none: text on a terminal, JSON otherwise
};

// An empty file gives the defaults.
DaemonSettings read_daemon_settings(const SourceText& file, Diagnostics& diagnostics);

}  // namespace sluice
