#include "state/state_io.hpp"

namespace sluice {

KeyGroupRange KeyGroupRange::of_task(uint32_t task, uint32_t parallelism) {
  const auto boundary = [&](uint32_t index) {
    return static_cast<uint16_t>((index * key_group_count + parallelism - 1) / parallelism);
  };
  return {boundary(task), boundary(task + 1)};
}

uint32_t owner_of(KeyGroup group, uint32_t parallelism) {
  return group.value * parallelism / key_group_count;
}

}  // namespace sluice
