#include "daemon/service_manager.hpp"

#include <systemd/sd-daemon.h>

namespace sluice {

void ServiceManager::ready() { sd_notify(0, "READY=1"); }

void ServiceManager::stopping() { sd_notify(0, "STOPPING=1"); }

void ServiceManager::status(const std::string& text) {
  if (text == status_) return;
  status_ = text;
  sd_notify(0, ("STATUS=" + text).c_str());
}

void ServiceManager::alive() { sd_notify(0, "WATCHDOG=1"); }

}  // namespace sluice
