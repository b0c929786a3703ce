// SentResult: the bytes of a result that was sent for a group, or none. Short ones lie inside, in
// half of what a std::string would take, since there is one for every group. A value
// with one owner.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

namespace sluice {

class SentResult {
 public:
  SentResult() = default;
  SentResult(SentResult&& other) noexcept { swap(other); }
  SentResult& operator=(SentResult&& other) noexcept {
    swap(other);
    return *this;
  }
  ~SentResult() { clear(); }

  // Valid until the next change.
  std::optional<std::string_view> get() const {
    if (kind_ == no_result) return std::nullopt;
    return kind_ == outside ? outside_bytes() : std::string_view(data_, kind_);
  }
  void set(std::string_view result) {
    clear();
    if (result.size() <= sizeof data_) {
      result.copy(data_, result.size());
      kind_ = static_cast<uint8_t>(result.size());
      return;
    }
    char* const bytes = new char[result.size()];
    result.copy(bytes, result.size());
    const auto size = static_cast<uint32_t>(result.size());
    std::memcpy(data_, &bytes, sizeof bytes);
    std::memcpy(data_ + sizeof bytes, &size, sizeof size);
    kind_ = outside;
  }
  void clear() {
    if (kind_ == outside) delete[] outside_bytes().data();
    kind_ = no_result;
  }
  // Beside its own size.
  uint64_t owned_bytes() const { return kind_ == outside ? outside_bytes().size() : 0; }

 private:
  static constexpr uint8_t outside = 0xFE;
  static constexpr uint8_t no_result = 0xFF;

  std::string_view outside_bytes() const {
    const char* bytes = nullptr;
    uint32_t size = 0;
    std::memcpy(&bytes, data_, sizeof bytes);
    std::memcpy(&size, data_ + sizeof bytes, sizeof size);
    return {bytes, size};
  }
  void swap(SentResult& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(kind_, other.kind_);
  }

  char data_[15] = {};
  uint8_t kind_ = no_result;  // or the size of what lies inside
};

static_assert(sizeof(SentResult) == 16);

}  // namespace sluice
