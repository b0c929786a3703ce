#include "expr/function_registry.hpp"

#include "base/assert.hpp"
#include "data/column_text.hpp"
#include "expr/overload.hpp"
#include "expr/overload_messages.hpp"

namespace sluice {

namespace {

Result<Value> parse_literal(const std::string& text, Type target) {
  ColumnBuilder builder(target, 1);
  SLUICE_TRY(append_parsed(target, text, TimeZone(), builder));
  return Value::from_column(*builder.finish(), 0);
}

// The cast of `x::numeric`; null when it is none, or one to a precision.
const Call* cast_to_numeric(const Expression& expression) {
  const auto* call = expression.as<Call>();
  const bool is_cast = call != nullptr && call->function->form == FunctionForm::cast;
  return is_cast && expression.type() == Type{TypeKind::numeric} ? call : nullptr;
}

}  // namespace

class FunctionRegistry::RegisteredCasts : public ImplicitCasts {
 public:
  explicit RegisteredCasts(const FunctionRegistry& registry) : registry_(registry) {}
  bool reach(TypeKind from, TypeKind to) const override {
    return registry_.find_cast(from, to, CastContext::implicit) != nullptr;
  }

 private:
  const FunctionRegistry& registry_;
};

void FunctionRegistry::add(Function function) {
  SLUICE_ASSERT(function.kernel != nullptr, "a function has a kernel");
  const Function& stored = functions_.emplace_back(std::move(function));
  by_name_.emplace(stored.name, &stored);
}

void FunctionRegistry::add_over_cast(Function function) {
  SLUICE_ASSERT(function.casts_first, "it casts its first argument");
  std::string name = function.name;
  over_casts_.emplace(std::move(name), std::move(function));
}

std::vector<const Function*> FunctionRegistry::all() const {
  std::vector<const Function*> functions;
  functions.reserve(functions_.size());
  for (const Function& function : functions_) functions.push_back(&function);
  return functions;
}

std::vector<const Function*> FunctionRegistry::named(FunctionForm form,
                                                     std::string_view name) const {
  std::vector<const Function*> functions;
  const auto [begin, end] = by_name_.equal_range(name);
  for (auto entry = begin; entry != end; ++entry) {
    if (entry->second->form == form) functions.push_back(entry->second);
  }
  return functions;
}

const Function* FunctionRegistry::find_cast(TypeKind from, TypeKind to, CastContext allowed) const {
  const auto [begin, end] = by_name_.equal_range("cast");
  for (auto entry = begin; entry != end; ++entry) {
    const Function& cast = *entry->second;
    if (cast.form == FunctionForm::cast && cast.arguments.front().kind == from &&
        cast.result.kind == to) {
      return cast.cast_context <= allowed ? &cast : nullptr;
    }
  }
  return nullptr;
}

Result<ExpressionPtr> FunctionRegistry::resolve(FunctionForm form, std::string_view name,
                                                std::vector<ExpressionPtr> arguments,
                                                const std::vector<bool>& untyped,
                                                uint32_t position) const {
  ArgumentTypes types;
  for (const ExpressionPtr& argument : arguments) types.types.push_back(argument->type());
  types.untyped = untyped;
  types.untyped.resize(arguments.size(), false);
  const std::vector<const Function*> overloads = named(form, name);
  if (overloads.empty()) return fail(unknown_function_error(form, name, all()));
  if (overloads.front()->uniform) {
    SLUICE_ASSIGN(const Type common, common_type(types.types, types.untyped));
    return call_uniform(overloads, std::move(arguments), types, common, position);
  }
  std::vector<const Function*> candidates;
  for (const Function* overload : overloads) {
    if (takes_count(*overload, arguments.size())) candidates.push_back(overload);
  }
  const OverloadChoice choice = choose_overload(candidates, types, RegisteredCasts(*this));
  if (choice.function == nullptr) {
    return fail(no_overload_error(form, name, types, overloads, choice.is_ambiguous));
  }
  return make_call(*choice.function, std::move(arguments), types.untyped, position);
}

Result<ExpressionPtr> FunctionRegistry::call_uniform(const std::vector<const Function*>& overloads,
                                                     std::vector<ExpressionPtr> arguments,
                                                     const ArgumentTypes& types, Type common,
                                                     uint32_t position) const {
  for (const Function* overload : overloads) {
    if (overload->arguments.front().kind == common.kind &&
        takes_count(*overload, arguments.size())) {
      return make_call(*overload, std::move(arguments), types.untyped, position);
    }
  }
  const Function& any = *overloads.front();
  return fail(no_overload_error(any.form, any.name, types, overloads, false));
}

Result<ExpressionPtr> FunctionRegistry::make_call(const Function& function,
                                                  std::vector<ExpressionPtr> arguments,
                                                  const std::vector<bool>& untyped,
                                                  uint32_t position) const {
  for (size_t i = 0; i < arguments.size(); ++i) {
    const TypeKind wanted = declared_type(function, i).value_or(arguments[i]->type().kind);
    const auto* quoted = untyped[i] ? arguments[i]->as<Literal>() : nullptr;
    if (quoted != nullptr) {
      SLUICE_ASSIGN(arguments[i], type_literal(*quoted, Type{wanted}, arguments[i]->position()));
    } else if (arguments[i]->type().kind != wanted) {
      SLUICE_ASSIGN(arguments[i],
                    cast(arguments[i], Type{wanted}, false, arguments[i]->position()));
    }
  }
  return call(function, function.result, std::move(arguments), position);
}

ExpressionPtr FunctionRegistry::call(const Function& function, Type type,
                                     std::vector<ExpressionPtr> arguments,
                                     uint32_t position) const {
  const Call* inner = arguments.empty() ? nullptr : cast_to_numeric(*arguments.front());
  const Function* over_cast =
      inner ? find_over_cast(function, inner->arguments.front()->type().kind) : nullptr;
  if (over_cast == nullptr) {
    return std::make_shared<Expression>(type, Call{&function, std::move(arguments)}, position);
  }
  // It is the cast that fails, if anything does.
  const uint32_t place = arguments.front()->position();
  arguments.front() = ExpressionPtr(inner->arguments.front());
  return std::make_shared<Expression>(type, Call{over_cast, std::move(arguments)}, place);
}

const Function* FunctionRegistry::find_over_cast(const Function& function, TypeKind from) const {
  const auto [begin, end] = over_casts_.equal_range(function.name);
  for (auto entry = begin; entry != end; ++entry) {
    const Function& candidate = entry->second;
    if (candidate.form == function.form && candidate.result.kind == function.result.kind &&
        candidate.arguments.size() == function.arguments.size() &&
        candidate.arguments.front().kind == from) {
      return &candidate;
    }
  }
  return nullptr;
}

Result<ExpressionPtr> FunctionRegistry::type_literal(const Literal& untyped, Type target,
                                                     uint32_t position) const {
  if (untyped.value.is_null()) return literal(Value::null(target), position);
  const std::string& text = untyped.value.get<std::string>();
  if (target.kind == TypeKind::text) return literal(Value::of(target, text), position);
  SLUICE_ASSIGN(Value value, parse_literal(text, target));
  if (target.kind != TypeKind::timestamptz) return literal(std::move(value), position);
  // What it means depends on the session zone, which is known when it is evaluated.
  const Function* read =
      find_cast(TypeKind::text, TypeKind::timestamptz, CastContext::explicit_only);
  SLUICE_ASSERT(read != nullptr, "text can be cast to timestamptz");
  return std::make_shared<Expression>(
      target, Call{read, {literal(Value::of(Type{TypeKind::text}, text), position)}}, position);
}

Result<ExpressionPtr> FunctionRegistry::cast(ExpressionPtr value, Type target, bool is_explicit,
                                             uint32_t position) const {
  const Type from = value->type();
  if (from == target) return value;
  const auto* constant = value->as<Literal>();
  const bool is_quoted = constant != nullptr && from.kind == TypeKind::text;
  if (is_quoted && (is_explicit || constant->value.is_null())) {
    return type_literal(*constant, target, position);
  }
  // Whole numbers become numeric without fail, and only then may be too large.
  const bool is_whole = from.kind == TypeKind::integer || from.kind == TypeKind::bigint;
  if (is_whole && target.precision > 0) {
    SLUICE_ASSIGN(value, cast(std::move(value), Type{target.kind}, is_explicit, position));
  }
  const CastContext allowed = is_explicit ? CastContext::explicit_only : CastContext::assignment;
  const Function* function = find_cast(value->type().kind, target.kind, allowed);
  if (function == nullptr) {
    const bool would_do = find_cast(from.kind, target.kind, CastContext::explicit_only) != nullptr;
    return fail(no_cast_error(from, target, would_do));
  }
  return call(*function, target, {std::move(value)}, position);
}

Result<Type> FunctionRegistry::common_type(const std::vector<Type>& types,
                                           const std::vector<bool>& untyped) const {
  std::optional<Type> common;
  bool same_modifier = true;
  for (size_t i = 0; i < types.size(); ++i) {
    if (i < untyped.size() && untyped[i]) {
      same_modifier = false;
      continue;
    }
    if (!common) {
      common = types[i];
      continue;
    }
    same_modifier = same_modifier && *common == types[i];
    if (types[i].kind == common->kind) continue;
    if (category_of(types[i].kind) != category_of(common->kind)) {
      return fail(no_common_type_error(*common, types[i]));
    }
    const bool becomes = find_cast(common->kind, types[i].kind, CastContext::implicit) != nullptr;
    const bool becomes_back =
        find_cast(types[i].kind, common->kind, CastContext::implicit) != nullptr;
    if (!is_preferred(common->kind) && becomes && !becomes_back) common = types[i];
  }
  if (!common) return Type{TypeKind::text};
  return same_modifier ? *common : Type{common->kind};
}

}  // namespace sluice
