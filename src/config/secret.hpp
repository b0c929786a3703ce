// Secret: a text that no log, API, plan, metric or message shows. Its memory is wiped when it dies,
// is moved from or is assigned to; what client libraries make of it is theirs.
#pragma once

#include <string>
#include <utility>

namespace sluice {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  ~Secret() { wipe(); }
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
  Secret& operator=(const Secret& other) { return *this = Secret(other); }
  Secret& operator=(Secret&& other) noexcept {
    std::swap(text_, other.text_);
    other.wipe();
    return *this;
  }

  // For handing to a client library, nothing else.
  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  void wipe();

  std::string text_;
};

}  // namespace sluice
