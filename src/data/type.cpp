#include "data/type.hpp"

#include <string_view>

#include "base/assert.hpp"
#include "data/numeric.hpp"

namespace sluice {

size_t value_width(TypeKind kind) {
  switch (kind) {
    case TypeKind::boolean:
      return sizeof(uint8_t);
    case TypeKind::integer:
    case TypeKind::date:
      return sizeof(int32_t);
    case TypeKind::bigint:
    case TypeKind::double_precision:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return sizeof(int64_t);
    case TypeKind::numeric:
      return sizeof(Numeric);
    case TypeKind::interval:
      return sizeof(Interval);
    case TypeKind::text:
    case TypeKind::jsonb:
      return sizeof(std::string_view);
  }
  SLUICE_ASSERT(false, "unknown type");
}

}  // namespace sluice
