// to_string of Expression: canonical text for plans and fingerprints. It has to stay the same
// between versions for the same expression: state fingerprints are made from it.
#include "data/column_text.hpp"
#include "expr/expression.hpp"

namespace sluice {

namespace {

class Writer {
 public:
  explicit Writer(const std::vector<std::string>& names) : names_(names) {}

  void write(const Expression& expression) {
    type_ = expression.type();
    std::visit(*this, expression.node());
  }
  void operator()(const ColumnReference& column) {
    out_ +=
        column.index < names_.size() ? names_[column.index] : "$" + std::to_string(column.index);
  }
  void operator()(const Literal& literal) { write_literal(literal.value); }
  void operator()(const Call& call) {
    switch (call.function->form) {
      case FunctionForm::cast:
        return write_cast(call, type_);
      case FunctionForm::infix:
        return write_infix(call);
      case FunctionForm::prefix:
        return write_prefix(call);
      case FunctionForm::function:
        return write_function(call);
    }
  }
  void operator()(const Conjunction& conjunction) {
    write_list("(", conjunction.operands,
               conjunction.kind == Conjunction::Kind::all ? " AND " : " OR ", ")");
  }
  void operator()(const Coalesce& coalesce) {
    write_list("coalesce(", coalesce.operands, ", ", ")");
  }
  void operator()(const Case& cases) {
    out_ += "CASE";
    for (const CaseBranch& branch : cases.branches) {
      out_ += " WHEN ";
      write(*branch.condition);
      out_ += " THEN ";
      write(*branch.result);
    }
    if (cases.otherwise) {
      out_ += " ELSE ";
      write(*cases.otherwise);
    }
    out_ += " END";
  }
  std::string take() { return std::move(out_); }

 private:
  void write_list(std::string_view open, const std::vector<ExpressionPtr>& operands,
                  std::string_view separator, std::string_view close) {
    out_ += open;
    bool first = true;
    for (const ExpressionPtr& operand : operands) {
      if (!first) out_ += separator;
      first = false;
      write(*operand);
    }
    out_ += close;
  }
  // More than two operands only with IN: (a in (b, c)).
  void write_infix(const Call& call) {
    out_ += '(';
    write(*call.arguments.front());
    out_ += " " + call.function->name + " ";
    if (call.arguments.size() == 2) {
      write(*call.arguments.back());
      out_ += ')';
    } else {
      write_list("(", {call.arguments.begin() + 1, call.arguments.end()}, ", ", "))");
    }
  }
  // Tests stand behind their operand: (a is null).
  void write_prefix(const Call& call) {
    const std::string& name = call.function->name;
    if (name.rfind("is ", 0) == 0) return write_list("(", call.arguments, ", ", " " + name + ")");
    write_list("(" + name + " ", call.arguments, ", ", ")");
  }
  void write_function(const Call& call) {
    out_ += call.function->name + "(";
    for (size_t i = 0; i < call.arguments.size(); ++i) {
      if (i > 0) out_ += ", ";
      write(*call.arguments[i]);
      if (i == 0 && call.function->casts_first) out_ += "::numeric";
    }
    out_ += ")";
  }
  // A cast of another type to numeric(p,s) is one to numeric and one to its precision.
  void write_cast(const Call& call, Type target) {
    const Expression& value = *call.arguments.front();
    write(value);
    const bool is_both = target.precision > 0 && value.type().kind != TypeKind::numeric;
    if (is_both || call.function->casts_first) out_ += "::numeric";
    out_ += "::" + type_name(target);
  }
  void write_literal(const Value& value) {
    const Type type = value.type();
    if (value.is_null()) {
      out_ += "NULL::" + type_name(type);
      return;
    }
    const bool bare = type.kind == TypeKind::boolean || type.kind == TypeKind::integer;
    std::string text;
    format_value(*value.repeat(1), 0, TimeZone(), text);
    if (bare) {
      out_ += text;
      return;
    }
    out_ += '\'';
    for (const char c : text) {
      if (c == '\'') out_ += '\'';
      out_ += c;
    }
    out_ += '\'';
    if (type.kind != TypeKind::text) out_ += "::" + type_name(type);
  }

  const std::vector<std::string>& names_;
  std::string out_;
  Type type_;
};

}  // namespace

std::string to_string(const Expression& expression, const std::vector<std::string>& column_names) {
  Writer writer(column_names);
  writer.write(expression);
  return writer.take();
}

}  // namespace sluice
