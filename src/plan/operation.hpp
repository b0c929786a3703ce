// Operation: what one node of a plan does. Each kind is a plain struct with a file of its own in
// plan/operations/, which states all that is asked of it here; nothing else in the room lists the
// kinds. One that forgets to state something does not compile, nor does one that keeps state
// without saying what its state means. Values; any thread.
//
// To add a kind: PlanNAME in operations/NAME.hpp, its statements in operations/NAME.cpp, where it
// is composed (step_composer*.cpp), and its operator in compile/operations/NAME.cpp with a word of
// CMake.
#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <string_view>

#include "base/assert.hpp"
#include "plan/inference/flow.hpp"
#include "plan/properties.hpp"

namespace sluice {

class Narrowing;
class NodeView;
class StateFacts;
using ColumnMapping = std::vector<size_t>;

// A predicate that may run below an operation instead of above it, over that input's columns.
struct MovedPredicate {
  size_t port;
  ExpressionPtr predicate;
};

// What every kind states.
template <class T>
concept StatedOperation = requires(T& own, const T& seen, const NodeView& view,
                                   const ColumnSet& wanted, Narrowing& narrowing) {
  // "window_aggregate": in the names of states and in messages.
  { T::name } -> std::convertible_to<std::string_view>;
  // What it does, in the names of its inputs' columns: for `sluice graph` and golden tests.
  { seen.text(view) } -> std::same_as<std::string>;
  // The columns of each input that it reads, when its readers want some of its own.
  { seen.reads(view, wanted) } -> std::same_as<std::vector<ColumnSet>>;
  // Its inputs have lost columns: goes over to those that are left, and says where its own went.
  { own.narrow(narrowing) } -> std::same_as<ColumnMapping>;
  // What leaves it, from what leaves its inputs, in this order. The first two also set what of the
  // operation follows from that (lags, what late rows are accepted). The same again when asked
  // again.
  { own.infer_time(view) } -> std::same_as<TimeProperties>;
  { own.infer_changes(view) } -> std::same_as<ChangeProperties>;
  { seen.infer_placement(view) } -> std::same_as<Placement>;
  // Whether it computes something that is not the same again for the same row.
  { seen.reads_clock() } -> std::same_as<bool>;
  // Why its rows change though those of its inputs do not; empty: they change with those alone.
  { seen.reason_of_changes(view) } -> std::same_as<std::string>;
};

// Of one without state: what comes along its inputs, handed on.
template <class T>
concept HandsOnFlow = requires(const T& seen, const FlowView& below) {
  { seen.flow(below) } -> std::same_as<Flow>;
};

// Of one with state: what its state means, and whether what it sends are rows that it keeps, to
// take them back as they were sent.
template <class T>
concept StatesItsState = requires(const T& seen, StateFacts& facts) {
  { seen.add_facts(facts) } -> std::same_as<void>;
  { seen.sends_kept_rows() } -> std::same_as<bool>;
};

// One that has state in some plans only says where.
template <class T>
concept SaysWhetherItKeepsState = requires(const T& seen) {
  { seen.keeps_state() } -> std::same_as<bool>;
};

template <class T>
concept PlanOperation = StatedOperation<T> &&
    (SaysWhetherItKeepsState<T> ? HandsOnFlow<T>&& StatesItsState<T>
                                : HandsOnFlow<T> != StatesItsState<T>);

class Operation {
 public:
  template <PlanOperation T>
  Operation(T operation);  // NOLINT: a kind is an operation
  Operation(const Operation& other) : kind_(other.kind_->clone()) {}
  Operation(Operation&&) noexcept = default;
  Operation& operator=(Operation other) noexcept {
    kind_ = std::move(other.kind_);
    return *this;
  }

  // Null when it is of another kind.
  template <class T>
  const T* as() const;
  template <class T>
  T* as();

  // As PlanOperation asks.
  class Kind {
   public:
    virtual ~Kind() = default;
    virtual std::unique_ptr<Kind> clone() const = 0;

    virtual std::string_view name() const = 0;
    virtual std::string text(const NodeView& view) const = 0;
    virtual std::vector<ColumnSet> reads(const NodeView& view, const ColumnSet& wanted) const = 0;
    virtual ColumnMapping narrow(Narrowing& narrowing) = 0;
    virtual TimeProperties infer_time(const NodeView& view) = 0;
    virtual ChangeProperties infer_changes(const NodeView& view) = 0;
    virtual Placement infer_placement(const NodeView& view) const = 0;
    virtual bool reads_clock() const = 0;
    virtual std::string reason_of_changes(const NodeView& view) const = 0;

    virtual bool keeps_state() const = 0;
    virtual Flow flow(const FlowView& below) const = 0;   // of one without state
    virtual void add_facts(StateFacts& facts) const = 0;  // of one with state, as the next
    virtual bool sends_kept_rows() const = 0;

    // What a kind may do; one that does not say so cannot, which is right for all.

    // Whether it understands rows of this input that only replace the one before of their key.
    virtual bool takes_upserts(const NodeView& view, const PlanNode& input) const = 0;
    // Whether its upserts only ever come for a row again, and never delete.
    virtual bool only_corrects() const = 0;
    // How long a row that it sent may still be taken back or replaced; 0: for ever. None: as long
    // as those of its input may.
    virtual std::optional<int64_t> keeping_time_us() const = 0;
    // Whether what is folded of some of its rows before an exchange merges behind it, and whether
    // it may refuse a row as late, be it folded or not.
    virtual bool merges_partials() const = 0;
    virtual bool refuses_late_rows() const = 0;
    // Where a conjunct over its output may run below it; empty: nowhere.
    virtual std::vector<MovedPredicate> move_below(const NodeView& view,
                                                   const ExpressionPtr& conjunct) const = 0;
  };
  Kind* operator->() { return kind_.get(); }
  const Kind* operator->() const { return kind_.get(); }

 private:
  template <PlanOperation T>
  class KindOf;
  std::unique_ptr<Kind> kind_;
};

template <PlanOperation T>
class Operation::KindOf final : public Operation::Kind {
 public:
  explicit KindOf(T own) : own_(std::move(own)) {}
  T& own() { return own_; }
  const T& own() const { return own_; }

  std::unique_ptr<Kind> clone() const override { return std::make_unique<KindOf>(own_); }
  std::string_view name() const override { return T::name; }
  std::string text(const NodeView& view) const override { return own_.text(view); }
  std::vector<ColumnSet> reads(const NodeView& view, const ColumnSet& wanted) const override {
    return own_.reads(view, wanted);
  }
  ColumnMapping narrow(Narrowing& narrowing) override { return own_.narrow(narrowing); }
  TimeProperties infer_time(const NodeView& view) override { return own_.infer_time(view); }
  ChangeProperties infer_changes(const NodeView& view) override { return own_.infer_changes(view); }
  Placement infer_placement(const NodeView& view) const override {
    return own_.infer_placement(view);
  }
  bool reads_clock() const override { return own_.reads_clock(); }
  std::string reason_of_changes(const NodeView& view) const override {
    return own_.reason_of_changes(view);
  }

  bool keeps_state() const override {
    if constexpr (SaysWhetherItKeepsState<T>) {
      return own_.keeps_state();
    } else {
      return StatesItsState<T>;
    }
  }
  Flow flow(const FlowView& below) const override {
    if constexpr (HandsOnFlow<T>) return own_.flow(below);
    SLUICE_ASSERT(false, "what comes along the inputs ends in the state");
  }
  void add_facts(StateFacts& facts) const override {
    if constexpr (StatesItsState<T>) return own_.add_facts(facts);
    SLUICE_ASSERT(false, "it keeps no state");
  }
  bool sends_kept_rows() const override {
    if constexpr (StatesItsState<T>) return own_.sends_kept_rows();
    return false;
  }

  bool takes_upserts(const NodeView& view, const PlanNode& input) const override {
    if constexpr (requires { own_.takes_upserts(view, input); }) {
      return own_.takes_upserts(view, input);
    }
    return false;
  }
  bool only_corrects() const override {
    if constexpr (requires { own_.only_corrects(); }) return own_.only_corrects();
    return false;
  }
  std::optional<int64_t> keeping_time_us() const override {
    if constexpr (requires { own_.keeping_time_us(); }) return own_.keeping_time_us();
    return std::nullopt;
  }
  bool merges_partials() const override {
    if constexpr (requires { own_.merges_partials(); }) return own_.merges_partials();
    return false;
  }
  bool refuses_late_rows() const override {
    if constexpr (requires { own_.refuses_late_rows(); }) return own_.refuses_late_rows();
    return false;
  }
  std::vector<MovedPredicate> move_below(const NodeView& view,
                                         const ExpressionPtr& conjunct) const override {
    if constexpr (requires { own_.move_below(view, conjunct); }) {
      return own_.move_below(view, conjunct);
    }
    return {};
  }

 private:
  T own_;
};

template <PlanOperation T>
Operation::Operation(T operation) : kind_(std::make_unique<KindOf<T>>(std::move(operation))) {}

template <class T>
const T* Operation::as() const {
  const auto* kind = dynamic_cast<const KindOf<T>*>(kind_.get());
  return kind ? &kind->own() : nullptr;
}

template <class T>
T* Operation::as() {
  auto* kind = dynamic_cast<KindOf<T>*>(kind_.get());
  return kind ? &kind->own() : nullptr;
}

}  // namespace sluice
