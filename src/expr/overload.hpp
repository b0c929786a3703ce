// Overload: PostgreSQL's rules for choosing among functions of one name (parse_func.c,
// parse_oper.c, parse_coerce.c): exact match, then what implicit casts reach, then most exact
// matches, then preferred types, then what untyped literals suggest. Pure functions.
#pragma once

#include <optional>
#include <vector>

#include "expr/function.hpp"
#include "values/type.hpp"

namespace sluice {

// The arguments of a call as the choice sees them. untyped[i]: a quoted literal or NULL without a
// type of its own.
struct ArgumentTypes {
  std::vector<Type> types;
  std::vector<bool> untyped;

  size_t size() const { return types.size(); }
};

// PostgreSQL's type categories, as far as types of ours are in them.
enum class TypeCategory : uint8_t { boolean, number, string, datetime, timespan, user };
TypeCategory category_of(TypeKind kind);
// Within its category.
bool is_preferred(TypeKind kind);

class ImplicitCasts {
 public:
  virtual ~ImplicitCasts() = default;
  // Whether a value of one type becomes one of another without being asked to.
  virtual bool reach(TypeKind from, TypeKind to) const = 0;
};

bool takes_count(const Function& function, size_t argument_count);
// The type declared for an argument; none where every type is taken as it is.
std::optional<TypeKind> declared_type(const Function& function, size_t index);

// The function PostgreSQL would call. Null when none fits or when several fit equally well
// (`is_ambiguous`).
struct OverloadChoice {
  const Function* function = nullptr;
  bool is_ambiguous = false;
};
OverloadChoice choose_overload(const std::vector<const Function*>& candidates,
                               const ArgumentTypes& arguments, const ImplicitCasts& casts);

}  // namespace sluice
