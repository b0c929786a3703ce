// IN over many values, GREATEST and LEAST.
#include <absl/container/flat_hash_set.h>

#include <algorithm>

#include "expr/kernel.hpp"
#include "values/ordering.hpp"

namespace sluice {

namespace {

template <class Ordering>
constexpr bool is_hashable =
    std::is_same_v<Ordering, TextOrdering> || std::is_same_v<Ordering, PlainOrdering<int32_t>> ||
    std::is_same_v<Ordering, PlainOrdering<int64_t>>;

// The values of a list that is the same for all rows.
template <class Ordering, bool hashable = is_hashable<Ordering>>
class ConstantSet {
 public:
  using T = typename Ordering::Value;
  void insert(T value) { values_.insert(value); }
  void finish() {}
  bool contains(T value) const { return values_.contains(value); }

 private:
  absl::flat_hash_set<T> values_;
};

// Equal values may differ in bytes (1.0 and 1.00): sorted, not hashed.
template <class Ordering>
class ConstantSet<Ordering, false> {
 public:
  using T = typename Ordering::Value;
  void insert(T value) { values_.push_back(value); }
  void finish() { std::sort(values_.begin(), values_.end(), less); }
  bool contains(const T& value) const {
    return std::binary_search(values_.begin(), values_.end(), value, less);
  }

 private:
  static bool less(const T& left, const T& right) { return Ordering::compare(left, right) < 0; }
  std::vector<T> values_;
};

// Fewer values are compared one by one.
constexpr size_t set_from_size = 8;

bool is_list_constant(const CallContext& context) {
  for (size_t i = 1; i < context.argument_count(); ++i) {
    if (context.argument(i).size() != 1) return false;
  }
  return true;
}

// Whether a value is in the list: true, false, or NULL when a NULL of the list might equal it.
template <class Ordering>
class Membership {
 public:
  using T = typename Ordering::Value;

  explicit Membership(const CallContext& context) {
    for (size_t i = 1; i < context.argument_count(); ++i) list_.emplace_back(context.argument(i));
    if (list_.size() < set_from_size || !is_list_constant(context)) return;
    uses_set_ = true;
    for (const auto& input : list_) {
      const std::optional<T> value = input[0];
      if (value) set_.insert(*value);
      set_has_null_ = set_has_null_ || !value;
    }
    set_.finish();
  }
  std::optional<bool> find(const T& wanted, size_t row) const {
    if (uses_set_) {
      if (set_.contains(wanted)) return true;
      return set_has_null_ ? std::nullopt : std::optional(false);
    }
    bool has_null = false;
    for (const auto& input : list_) {
      const std::optional<T> value = input[row];
      if (value && Ordering::equal(*value, wanted)) return true;
      has_null = has_null || !value;
    }
    return has_null ? std::nullopt : std::optional(false);
  }

 private:
  std::vector<Input<std::optional<T>>> list_;
  ConstantSet<Ordering> set_;
  bool uses_set_ = false;
  bool set_has_null_ = false;
};

template <class Ordering, bool when_found>
void run_in(CallContext& context) {
  const Input<std::optional<typename Ordering::Value>> wanted(context.argument(0));
  const Membership<Ordering> membership(context);
  uint8_t* result = context.result().mutable_values<uint8_t>();
  for (size_t row = 0; row < context.rows(); ++row) {
    const auto value = wanted[row];
    const std::optional<bool> found = value ? membership.find(*value, row) : std::nullopt;
    if (found) {
      result[row] = *found == when_found;
    } else {
      context.result().set_null(row);
    }
  }
}

// NULLs are passed over; NULL when nothing else is there.
template <class Ordering, bool wants_greatest>
void run_extreme(CallContext& context) {
  using T = typename Ordering::Value;
  std::vector<Input<std::optional<T>>> inputs;
  for (size_t i = 0; i < context.argument_count(); ++i) inputs.emplace_back(context.argument(i));
  auto* result = context.result().mutable_values<typename kernel_detail::Stored<T>::type>();
  for (size_t row = 0; row < context.rows(); ++row) {
    std::optional<T> best;
    for (const auto& input : inputs) {
      const std::optional<T> value = input[row];
      if (!value) continue;
      const bool is_better = !best || (wants_greatest ? Ordering::compare(*value, *best) > 0
                                                      : Ordering::compare(*value, *best) < 0);
      if (is_better) best = value;
    }
    if (best) {
      result[row] = *best;
    } else {
      context.result().set_null(row);
    }
  }
}

Function choice(const char* name, std::vector<Type> arguments, Type result, Kernel run) {
  Function made = function(name, std::move(arguments), result, {run, false, false, {}});
  made.variadic = true;
  made.uniform = true;
  return made;
}

Function in_operator(const char* name, Type type, Kernel run) {
  Function made = choice(name, {type, type}, types::boolean, run);
  made.form = FunctionForm::infix;
  return made;
}

}  // namespace

void register_choice(FunctionRegistry& registry) {
  for_each_ordering([&]<class Ordering>(Ordering, Type type) {
    registry.add(in_operator("in", type, run_in<Ordering, true>));
    registry.add(in_operator("not in", type, run_in<Ordering, false>));
    registry.add(choice("greatest", {type}, type, run_extreme<Ordering, true>));
    registry.add(choice("least", {type}, type, run_extreme<Ordering, false>));
  });
}

}  // namespace sluice
