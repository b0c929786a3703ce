#include "config/secret.hpp"

#include <cstring>

namespace sluice {

void Secret::wipe() {
  // Also what a short text leaves in the object itself after a move.
  text_.resize(text_.capacity());
  // explicit_bzero is not optimised away, unlike a plain fill of memory that is about to be freed.
  explicit_bzero(text_.data(), text_.size());
  text_.clear();
}

}  // namespace sluice
