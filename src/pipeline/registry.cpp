#include "pipeline/registry.hpp"

namespace sluice {

Registry::Registry() {
  register_builtin_formats(formats_);
  register_builtin_functions(functions_);
  register_builtin_rewrites(rewrites_);
}

}  // namespace sluice
