#include "env/failpoints.hpp"

#include <charconv>
#include <csignal>
#include <cstdio>
#include <string>

#include "base/assert.hpp"

namespace sluice {

namespace {

constexpr Failpoint own_points[] = {
#define SLUICE_FAILPOINT(point, description) Failpoint::point,
#include "env/failpoints.def"
#undef SLUICE_FAILPOINT
};

Result<Failpoints::Action> find_action(std::string_view name) {
  if (name == "kill") return Failpoints::Action::kill;
  if (name == "error") return Failpoints::Action::error;
  if (name == "stop") return Failpoints::Action::stop;
  return fail(ErrorCode::invalid_value,
              "a failpoint's action is kill, error or stop, not \"" + std::string(name) + "\"");
}

}  // namespace

Failpoints::Failpoints() { declare(own_points); }

void Failpoints::declare(std::span<const Failpoint> points) {
  for (const Failpoint& point : points) {
    const bool is_new = slots_.try_emplace(point.name).second;
    SLUICE_ASSERT(is_new, "two failpoints of one name");
  }
}

Failpoints::Slot& Failpoints::slot(const Failpoint& point) {
  const auto found = slots_.find(point.name);
  SLUICE_ASSERT(found != slots_.end(), "a failpoint that nobody declares");
  return found->second;
}

Status Failpoints::arm(std::string_view specification) {
  while (!specification.empty()) {
    std::string_view item = specification.substr(0, specification.find(','));
    specification.remove_prefix(std::min(specification.size(), item.size() + 1));
    const size_t equals = item.find('=');
    if (equals == std::string_view::npos) {
      return fail(ErrorCode::invalid_value, "a failpoint is armed as name=action[@hit]");
    }
    const std::string_view name = item.substr(0, equals);
    const auto found = slots_.find(name);
    if (found == slots_.end()) {
      return fail(ErrorCode::invalid_value, "there is no failpoint \"" + std::string(name) + "\"");
    }
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
    arm(found->second, action, at_hit);
  }
  return {};
}

void Failpoints::arm(Slot& slot, Action action, uint64_t at_hit) {
  slot.at_hit = slot.hits + at_hit;
  slot.action = action;
}

void Failpoints::arm(const Failpoint& point, Action action, uint64_t at_hit) {
  arm(slot(point), action, at_hit);
}

Status Failpoints::hit(const Failpoint& point) {
  Slot& slot = this->slot(point);
  slot.hits.fetch_add(1, std::memory_order_relaxed);
  if (slot.action.load(std::memory_order_relaxed) == Action::none) [[likely]]
    return {};
  if (slot.hits < slot.at_hit) return {};
  const std::string name(point.name);
  switch (slot.action.exchange(Action::none)) {
    case Action::none:
      return {};
    case Action::kill:
      std::fprintf(stderr, "failpoint %s: killed\n", name.c_str());
      std::raise(SIGKILL);
      return {};
    case Action::stop:
      std::raise(SIGSTOP);
      return {};
    case Action::error:
      return fail_retriable(ErrorCode::io_failed, "failpoint " + name);
  }
  SLUICE_ASSERT(false, "unknown failpoint action");
}

uint64_t Failpoints::hits(const Failpoint& point) const {
  const auto found = slots_.find(point.name);
  SLUICE_ASSERT(found != slots_.end(), "a failpoint that nobody declares");
  return found->second.hits;
}

std::vector<std::string_view> Failpoints::names() const {
  std::vector<std::string_view> names;
  for (const auto& [name, slot] : slots_) names.push_back(name);
  return names;
}

}  // namespace sluice
