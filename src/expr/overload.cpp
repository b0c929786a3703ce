#include "expr/overload.hpp"

#include <algorithm>
#include <optional>

namespace sluice {

namespace {

using Candidates = std::vector<const Function*>;

// Those for which `score` is highest.
template <class Score>
Candidates keep_best(const Candidates& candidates, Score score) {
  Candidates best;
  int best_score = -1;
  for (const Function* candidate : candidates) {
    const int own = score(*candidate);
    if (own > best_score) best.clear();
    best_score = std::max(own, best_score);
    if (own == best_score) best.push_back(candidate);
  }
  return best;
}

template <class Condition>
Candidates keep_if(const Candidates& candidates, Condition condition) {
  Candidates kept;
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(kept), condition);
  return kept;
}

class Chooser {
 public:
  Chooser(const ArgumentTypes& arguments, const ImplicitCasts& casts)
      : arguments_(arguments), casts_(casts) {}

  OverloadChoice choose(const Candidates& all) const {
    if (const Function* exact = find_exact(all)) return {exact};
    Candidates left = keep_if(all, [&](const Function* f) { return accepts(*f); });
    if (left.size() <= 1) return {left.empty() ? nullptr : left.front()};
    left = keep_best(left, [&](const Function& f) { return count_exact(f); });
    if (left.size() == 1) return {left.front()};
    left = keep_best(left, [&](const Function& f) { return count_exact_or_preferred(f); });
    if (left.size() == 1) return {left.front()};
    return choose_for_untyped(left);
  }

 private:
  bool fits(const Function& function, size_t i, TypeKind kind) const {
    const auto declared = declared_type(function, i);
    return !declared || *declared == kind || casts_.reach(kind, *declared);
  }
  bool accepts(const Function& function) const {
    for (size_t i = 0; i < arguments_.size(); ++i) {
      if (!arguments_.untyped[i] && !fits(function, i, arguments_.types[i].kind)) return false;
    }
    return true;
  }

  // An untyped operand is first taken to be of the type of the other.
  const Function* find_exact(const Candidates& all) const {
    const bool is_infix =
        !all.empty() && all.front()->form == FunctionForm::infix && arguments_.size() == 2;
    if (!is_infix && any_untyped()) return nullptr;
    if (is_infix && arguments_.untyped[0] && arguments_.untyped[1]) return nullptr;
    for (const Function* function : all) {
      bool is_exact = true;
      for (size_t i = 0; i < arguments_.size(); ++i) {
        const size_t known = arguments_.untyped[i] ? 1 - i : i;
        is_exact = is_exact && declared_type(*function, i) == arguments_.types[known].kind;
      }
      if (is_exact) return function;
    }
    return nullptr;
  }
  bool any_untyped() const {
    return std::find(arguments_.untyped.begin(), arguments_.untyped.end(), true) !=
           arguments_.untyped.end();
  }

  int count_exact(const Function& function) const {
    int count = 0;
    for (size_t i = 0; i < arguments_.size(); ++i) {
      count += !arguments_.untyped[i] && declared_type(function, i) == arguments_.types[i].kind;
    }
    return count;
  }
  int count_exact_or_preferred(const Function& function) const {
    int count = 0;
    for (size_t i = 0; i < arguments_.size(); ++i) {
      const auto declared = declared_type(function, i);
      if (arguments_.untyped[i] || !declared) continue;
      const TypeKind kind = arguments_.types[i].kind;
      count += *declared == kind ||
               (category_of(*declared) == category_of(kind) && is_preferred(*declared));
    }
    return count;
  }

  OverloadChoice choose_for_untyped(Candidates left) const {
    if (!any_untyped()) return {nullptr, true};
    Candidates by_category =
        keep_if(left, [&](const Function* f) { return suits_untyped(*f, left); });
    if (by_category.size() == 1) return {by_category.front()};
    if (!by_category.empty()) left = std::move(by_category);
    return choose_as_known_type(left);
  }

  // The category that the candidates suggest for an untyped argument: text when any takes it, else
  // the one of all.
  std::optional<TypeCategory> suggested_category(const Candidates& candidates, size_t i) const {
    std::optional<TypeCategory> common;
    bool is_common = true;
    for (const Function* function : candidates) {
      const auto declared = declared_type(*function, i);
      if (!declared || category_of(*declared) == TypeCategory::string) return TypeCategory::string;
      const TypeCategory category = category_of(*declared);
      is_common = is_common && (!common || *common == category);
      common = category;
    }
    return is_common ? common : std::nullopt;
  }

  bool suits_untyped(const Function& function, const Candidates& candidates) const {
    for (size_t i = 0; i < arguments_.size(); ++i) {
      if (!arguments_.untyped[i]) continue;
      const auto category = suggested_category(candidates, i);
      if (!category) return false;
      const auto is_preferred_here = [&](const Function* f) {
        const auto kind = declared_type(*f, i);
        return kind && category_of(*kind) == *category && is_preferred(*kind);
      };
      const auto declared = declared_type(function, i);
      if (declared && category_of(*declared) != *category) return false;
      const bool wants_preferred =
          std::any_of(candidates.begin(), candidates.end(), is_preferred_here);
      if (wants_preferred && !is_preferred_here(&function)) return false;
    }
    return true;
  }

  // When all typed arguments are of one type, the untyped ones are taken to be of it, too.
  OverloadChoice choose_as_known_type(const Candidates& left) const {
    std::optional<TypeKind> known;
    for (size_t i = 0; i < arguments_.size(); ++i) {
      if (arguments_.untyped[i]) continue;
      if (known && *known != arguments_.types[i].kind) return {nullptr, true};
      known = arguments_.types[i].kind;
    }
    if (!known) return {nullptr, true};
    const Candidates accepting = keep_if(left, [&](const Function* function) {
      for (size_t i = 0; i < arguments_.size(); ++i) {
        if (!fits(*function, i, *known)) return false;
      }
      return true;
    });
    if (accepting.size() == 1) return {accepting.front()};
    return {nullptr, true};
  }

  const ArgumentTypes& arguments_;
  const ImplicitCasts& casts_;
};

}  // namespace

TypeCategory category_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::boolean:
      return TypeCategory::boolean;
    case TypeKind::integer:
    case TypeKind::bigint:
    case TypeKind::double_precision:
    case TypeKind::numeric:
      return TypeCategory::number;
    case TypeKind::text:
      return TypeCategory::string;
    case TypeKind::date:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return TypeCategory::datetime;
    case TypeKind::interval:
      return TypeCategory::timespan;
    case TypeKind::jsonb:
      break;
  }
  return TypeCategory::user;
}

bool is_preferred(TypeKind kind) {
  return kind == TypeKind::boolean || kind == TypeKind::double_precision ||
         kind == TypeKind::text || kind == TypeKind::timestamptz || kind == TypeKind::interval;
}

bool takes_count(const Function& function, size_t argument_count) {
  return function.variadic ? argument_count >= function.arguments.size()
                           : argument_count == function.arguments.size();
}

std::optional<TypeKind> declared_type(const Function& function, size_t index) {
  const size_t last = function.arguments.size() - 1;
  if (function.variadic_any && index >= last) return std::nullopt;
  return function.arguments[std::min(index, last)].kind;
}

OverloadChoice choose_overload(const std::vector<const Function*>& candidates,
                               const ArgumentTypes& arguments, const ImplicitCasts& casts) {
  return Chooser(arguments, casts).choose(candidates);
}

}  // namespace sluice
