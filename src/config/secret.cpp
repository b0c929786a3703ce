#include "config/secret.hpp"

#include <cstring>

namespace sluice {

Secret::~Secret() {
  // explicit_bzero is not optimised away, unlike a plain fill of memory that is about to be freed.
  explicit_bzero(text_.data(), text_.size());
}

}  // namespace sluice
