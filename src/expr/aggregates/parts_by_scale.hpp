// PartsByScale: what is summed of numeric values, those of one scale apart from those of another,
// so that sums are exact and the scale of a result shrinks again when the last value of a scale is
// taken back. A Part has its `scale`, the `count` of its values, `save(std::string&) const` and
// `bool load(StateBytesReader&)`; false: that is no scale. Plain value.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "state/state_bytes.hpp"

namespace sluice {

template <class Part>
class PartsByScale {
 public:
  // Empty where there was none. Valid until the next call.
  Part& at(uint8_t scale) {
    if (first_.scale == scale) return first_;
    if (first_.count == 0 && !more_) {
      first_ = Part{};
      first_.scale = scale;
      return first_;
    }
    if (!more_) more_ = std::make_unique<std::vector<Part>>();
    for (Part& part : *more_) {
      if (part.scale == scale) return part;
    }
    more_->emplace_back().scale = scale;
    return more_->back();
  }

  // Those that have values.
  template <class Visitor>
  void for_each(Visitor visitor) const {
    if (first_.count != 0) visitor(first_);
    if (!more_) return;
    for (const Part& part : *more_) {
      if (part.count != 0) visitor(part);
    }
  }

  uint64_t heap_bytes() const { return more_ ? more_->capacity() * sizeof(Part) : 0; }

  void save(std::string& out) const {
    uint8_t parts = 0;
    for_each([&](const Part&) { ++parts; });
    append_value(parts, out);
    for_each([&](const Part& part) { part.save(out); });
  }
  void load(StateBytesReader& bytes) {
    for (auto parts = bytes.take<uint8_t>(); parts > 0; --parts) {
      Part loaded;
      if (!loaded.load(bytes)) return bytes.reject();
      at(loaded.scale) = loaded;
    }
  }

 private:
  Part first_;
  std::unique_ptr<std::vector<Part>> more_;  // of other scales than the first value's
};

}  // namespace sluice
