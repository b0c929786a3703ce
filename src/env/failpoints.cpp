#include "env/failpoints.hpp"

#include <charconv>
#include <csignal>
#include <cstdio>
#include <string>

#include "base/assert.hpp"

namespace sluice {

namespace {

constexpr std::string_view names[] = {
#define SLUICE_FAILPOINT(name, description) #name,
#include "env/failpoints.def"
#undef SLUICE_FAILPOINT
};

Result<Failpoint> find_point(std::string_view name) {
  for (size_t i = 0; i < std::size(names); ++i) {
    if (names[i] == name) return static_cast<Failpoint>(i);
  }
  return fail(ErrorCode::invalid_value, "there is no failpoint \"" + std::string(name) + "\"");
}

Result<Failpoints::Action> find_action(std::string_view name) {
  if (name == "kill") return Failpoints::Action::kill;
  if (name == "error") return Failpoints::Action::error;
  if (name == "stop") return Failpoints::Action::stop;
  return fail(ErrorCode::invalid_value,
              "a failpoint's action is kill, error or stop, not \"" + std::string(name) + "\"");
}

}  // namespace

Status Failpoints::arm(std::string_view specification) {
  while (!specification.empty()) {
    std::string_view item = specification.substr(0, specification.find(','));
    specification.remove_prefix(std::min(specification.size(), item.size() + 1));
    const size_t equals = item.find('=');
    if (equals == std::string_view::npos) {
      return fail(ErrorCode::invalid_value, "a failpoint is armed as name=action[@hit]");
    }
    SLUICE_ASSIGN(const Failpoint point, find_point(item.substr(0, equals)));
    item.remove_prefix(equals + 1);
    const size_t at = item.find('@');
    uint64_t at_hit = 1;
    if (at != std::string_view::npos) {
      const char* end = item.data() + item.size();
      const auto parsed = std::from_chars(item.data() + at + 1, end, at_hit);
      if (parsed.ec != std::errc{} || parsed.ptr != end || at_hit == 0) {
        return fail(ErrorCode::invalid_value, "a failpoint's hit is a number from 1");
      }
    }
    SLUICE_ASSIGN(const Action action, find_action(item.substr(0, at)));
    arm(point, action, at_hit);
  }
  return {};
}

void Failpoints::arm(Failpoint point, Action action, uint64_t at_hit) {
  Slot& slot = slots_[static_cast<size_t>(point)];
  slot.at_hit = slot.hits + at_hit;
  slot.action = action;
}

Status Failpoints::fire(Failpoint point) {
  Slot& slot = slots_[static_cast<size_t>(point)];
  if (slot.hits < slot.at_hit) return {};
  const Action action = slot.action.exchange(Action::none);
  switch (action) {
    case Action::none:
      return {};
    case Action::kill:
      std::fprintf(stderr, "failpoint %s: killed\n", std::string(name(point)).c_str());
      std::raise(SIGKILL);
      return {};
    case Action::stop:
      std::raise(SIGSTOP);
      return {};
    case Action::error:
      return fail_retriable(ErrorCode::io_failed, "failpoint " + std::string(name(point)));
  }
  SLUICE_ASSERT(false, "unknown failpoint action");
}

uint64_t Failpoints::hits(Failpoint point) const { return slots_[static_cast<size_t>(point)].hits; }

std::string_view Failpoints::name(Failpoint point) { return names[static_cast<size_t>(point)]; }

}  // namespace sluice
