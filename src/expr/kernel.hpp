// Kernel toolkit: turns a C++ function of one row into the vectorised kernel of a Function. For
// files of expr/functions/.
//
//   registry.add(function("repeat", {types::text, types::integer}, types::text, per_row(
//       [](Scope& scope, std::string_view text, int32_t times) -> Result<std::string_view> { … }),
//       "text repeated n times"));
//
// The row function takes optionally a Scope&, then one parameter per argument, of the
// representation in data/type.hpp (bool for booleans). It is not called for rows with a NULL
// argument, unless a parameter is std::optional: then the Function is not strict. It returns T,
// std::optional<T> (NULL) or Result of either (a failed row). Text it returns must live in an
// argument or in the Scope's arena; std::string is copied there. It must have no captures and no
// state.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "expr/function.hpp"
#include "expr/function_registry.hpp"
#include "memory/arena.hpp"

namespace sluice {

namespace types {
inline constexpr Type boolean{TypeKind::boolean};
inline constexpr Type integer{TypeKind::integer};
inline constexpr Type bigint{TypeKind::bigint};
inline constexpr Type double_precision{TypeKind::double_precision};
inline constexpr Type numeric{TypeKind::numeric};
inline constexpr Type text{TypeKind::text};
inline constexpr Type date{TypeKind::date};
inline constexpr Type timestamp{TypeKind::timestamp};
inline constexpr Type timestamptz{TypeKind::timestamptz};
inline constexpr Type interval{TypeKind::interval};
inline constexpr Type jsonb{TypeKind::jsonb};
inline constexpr std::array all{boolean, integer,   bigint,      double_precision, numeric, text,
                                date,    timestamp, timestamptz, interval,         jsonb};
}  // namespace types

// What a row function may use beside its arguments; lives for one call of the kernel.
class Scope {
 public:
  explicit Scope(CallContext& context) : context_(context) {}
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  ~Scope() {
    if (arena_) context_.result().keep(std::move(arena_));
  }

  const TimeZone& zone() const { return context_.zone(); }
  int64_t now_us() const { return context_.now_us(); }
  // With the precision and scale of numeric(p,s) that the call was bound to.
  const Type& result_type() { return context_.result().type(); }
  // Memory of the result's text.
  Arena& arena() {
    if (!arena_) arena_ = std::make_shared<Arena>(&context_.allowance());
    return *arena_;
  }
  // Before a text of so many bytes is built elsewhere than in the arena: ends the evaluation where
  // the arena would have no room for it. To be asked by whoever makes more of its arguments than
  // they are long.
  void expect(size_t bytes) { allowance().expect(bytes); }
  Allowance& allowance() { return context_.allowance(); }
  std::string_view copy(std::string_view text) { return arena().copy(text); }
  // An empty string to build in, its capacity kept from row to row; hand it over with copy().
  std::string& buffer() {
    buffer_.clear();
    return buffer_;
  }

 private:
  CallContext& context_;
  std::shared_ptr<Arena> arena_;
  std::string buffer_;
};

// A kernel and what its signature says about it.
struct KernelSpec {
  Kernel run = nullptr;
  bool can_fail = true;
  bool strict = true;
  // Bytes of each argument and of the result, to check against the declared types; empty when
  // hand-written.
  std::vector<size_t> widths;
};

namespace kernel_detail {

template <class T>
struct Stored {
  using type = T;
};
template <>
struct Stored<bool> {
  using type = uint8_t;
};
template <>
struct Stored<std::string> {
  using type = std::string_view;
};

template <class T>
struct Unwrapped {
  using type = T;
  static constexpr bool can_fail = false;
  static constexpr bool is_optional = false;
};
template <class T>
struct Unwrapped<std::optional<T>> : Unwrapped<T> {
  static constexpr bool is_optional = true;
};
template <class T>
struct Unwrapped<Result<T>> : Unwrapped<T> {
  static constexpr bool can_fail = true;
};

template <class R, bool scoped, class... A>
struct SignatureOf {
  using Return = R;
  using Arguments = std::tuple<std::decay_t<A>...>;
  static constexpr bool has_scope = scoped;
};
template <class F>
struct Signature : Signature<decltype(&F::operator())> {};
template <class F, class R, class... A>
struct Signature<R (F::*)(A...) const> : SignatureOf<R, false, A...> {};
template <class F, class R, class... A>
struct Signature<R (F::*)(Scope&, A...) const> : SignatureOf<R, true, A...> {};
template <class R, class... A>
struct Signature<R (*)(A...)> : SignatureOf<R, false, A...> {};
template <class R, class... A>
struct Signature<R (*)(Scope&, A...)> : SignatureOf<R, true, A...> {};

}  // namespace kernel_detail

// Reads an argument by row, whether it holds one value per row or one for all.
template <class T>
class Input {
 public:
  explicit Input(const Column& column)
      : values_(column.values<typename kernel_detail::Stored<T>::type>()),
        mask_(column.size() == 1 ? 0 : ~size_t{0}) {}
  T operator[](size_t row) const { return values_[row & mask_]; }

 private:
  const typename kernel_detail::Stored<T>::type* values_;
  size_t mask_;
};

template <class T>
class Input<std::optional<T>> {
 public:
  explicit Input(const Column& column)
      : column_(column), mask_(column.size() == 1 ? 0 : ~size_t{0}) {}
  std::optional<T> operator[](size_t row) const {
    if (column_.is_null(row & mask_)) return std::nullopt;
    return column_.values<typename kernel_detail::Stored<T>::type>()[row & mask_];
  }

 private:
  const Column& column_;
  size_t mask_;
};

// Calls f(row) for the rows that are not NULL already.
template <class F>
void for_each_row(CallContext& context, F f) {
  const size_t rows = context.rows();
  if (!context.result().has_nulls()) {
    for (size_t row = 0; row < rows; ++row) f(row);
    return;
  }
  for (size_t row = 0; row < rows; ++row) {
    if (!context.is_skipped(row)) f(row);
  }
}

// Stores what a row function returned.
template <class T>
void store(CallContext& context, Scope& scope, size_t row, T&& value) {
  using Value = std::decay_t<T>;
  if constexpr (requires { value.error(); }) {
    if (!value) [[unlikely]]
      return context.fail_row(row, std::move(value.error()));
    store(context, scope, row, *std::move(value));
  } else if constexpr (kernel_detail::Unwrapped<Value>::is_optional) {
    if (!value) return context.result().set_null(row);
    store(context, scope, row, *std::move(value));
  } else if constexpr (std::is_same_v<Value, std::string>) {
    context.result().template mutable_values<std::string_view>()[row] = scope.copy(value);
  } else {
    using Stored = typename kernel_detail::Stored<Value>::type;
    context.result().template mutable_values<Stored>()[row] = value;
  }
}

namespace kernel_detail {

template <auto f, size_t... index>
void run_rows(CallContext& context, std::index_sequence<index...>) {
  using S = Signature<std::decay_t<decltype(f)>>;
  using Arguments = typename S::Arguments;
  const std::tuple inputs{
      Input<std::tuple_element_t<index, Arguments>>(context.argument(index))...};
  Scope scope(context);
  for_each_row(context, [&](size_t row) {
    if constexpr (S::has_scope) {
      store(context, scope, row, f(scope, std::get<index>(inputs)[row]...));
    } else {
      store(context, scope, row, f(std::get<index>(inputs)[row]...));
    }
  });
}

template <auto f>
void run_rows(CallContext& context) {
  using Arguments = typename Signature<std::decay_t<decltype(f)>>::Arguments;
  run_rows<f>(context, std::make_index_sequence<std::tuple_size_v<Arguments>>{});
}

template <class... A>
KernelSpec spec_of(Kernel run, bool can_fail, size_t result_width, const std::tuple<A...>*) {
  KernelSpec spec{run, can_fail, !(false || ... || Unwrapped<A>::is_optional), {}};
  spec.widths = {sizeof(typename Stored<typename Unwrapped<A>::type>::type)..., result_width};
  return spec;
}

}  // namespace kernel_detail

// The kernel of a row function given as a template argument: per_row<lower_text>().
template <auto f>
KernelSpec per_row() {
  using S = kernel_detail::Signature<std::decay_t<decltype(f)>>;
  using Returned = kernel_detail::Unwrapped<typename S::Return>;
  return kernel_detail::spec_of(
      &kernel_detail::run_rows<f>, Returned::can_fail,
      sizeof(typename kernel_detail::Stored<typename Returned::type>::type),
      static_cast<const typename S::Arguments*>(nullptr));
}
// Of a lambda without captures.
template <class F>
KernelSpec per_row(F) {
  return per_row<F{}>();
}

// Descriptions for FunctionRegistry::add. `result` may carry no precision: calls get it from the
// binder.
Function function(std::string name, std::vector<Type> arguments, Type result, KernelSpec kernel,
                  std::string help = {});
Function infix(std::string name, std::array<Type, 2> operands, Type result, KernelSpec kernel,
               std::string help = {});
Function prefix(std::string name, Type operand, Type result, KernelSpec kernel,
                std::string help = {});
Function cast_function(Type from, Type to, CastContext where, KernelSpec kernel);
// The same function, depending on the session zone or now().
Function stable(Function function);

}  // namespace sluice
