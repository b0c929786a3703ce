// Strong ids: integers that cannot be mixed up with each other. Plain values, usable from any
// thread.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace sluice {

template <class Tag, class Representation>
struct StrongId {
  Representation value{};

  constexpr StrongId() = default;
  constexpr explicit StrongId(Representation representation) : value(representation) {}
  constexpr auto operator<=>(const StrongId&) const = default;
};

// What lies between barrier N-1 and N; the checkpoint that ends it carries the same number. The
// first is 1.
using Epoch = StrongId<struct EpochTag, uint64_t>;
// One node of a StreamGraph.
using NodeId = StrongId<struct NodeTag, uint32_t>;
// One of the key groups that state is divided into.
using KeyGroup = StrongId<struct KeyGroupTag, uint16_t>;

constexpr uint16_t key_group_count = 128;

}  // namespace sluice

template <class Tag, class Representation>
struct std::hash<sluice::StrongId<Tag, Representation>> {
  size_t operator()(sluice::StrongId<Tag, Representation> id) const noexcept {
    return std::hash<Representation>{}(id.value);
  }
};
