// ServiceManager: what systemd is told about the service (Type=notify, WatchdogSec=). Without
// systemd every call does nothing. One thread.
#pragma once

#include <string>

namespace sluice {

class ServiceManager {
 public:
  // Startup is complete: requests are answered and pipelines have been started.
  void ready();
  void stopping();
  // One line for `systemctl status`; sent when it has changed.
  void status(const std::string& text);
  // Still alive; systemd restarts a service with a watchdog that does not say so in time.
  void alive();

 private:
  std::string status_;
};

}  // namespace sluice
