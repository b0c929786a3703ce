// Which columns follow the watermark, and how far behind it; how late rows may be; which windows
// the rows of an edge stand for.
#include <algorithm>

#include "plan/infer.hpp"

namespace sluice {

namespace {

constexpr int64_t day_us = 86'400'000'000;
// The longest that a zone's rules make a number of calendar days: clocks go back by less than this.
constexpr int64_t longest_shift_us = 3 * 3'600'000'000;

std::optional<int64_t> lag_of(const PlanNode& node, size_t column) {
  for (const TimeColumn& time : node.time_columns) {
    if (time.column == column) return time.lag_us;
  }
  return std::nullopt;
}

int64_t longest_window_us(int64_t size_us, int32_t calendar_days) {
  return calendar_days > 0 ? calendar_days * day_us + longest_shift_us : size_us;
}

// Sets what late rows a node with event-time state refuses, and says what leaves it.
LateRows accept_late(LatePolicy& policy, const LateRows& input) {
  policy.refuses = input.unbounded;
  policy.accept_us =
      input.unbounded ? std::max(policy.stated_accept_us, input.accepted_us) : input.accepted_us;
  return {false, policy.accept_us};
}

LateRows later_of(const LateRows& left, const LateRows& right) {
  return {left.unbounded || right.unbounded, std::max(left.accepted_us, right.accepted_us)};
}

class TimeInference {
 public:
  TimeInference(const LogicalPlan& plan, PlanNode& node) : plan_(plan), node_(node) {}

  void operator()(PlanSource& source) {
    node_.late_rows = {};
    const ScanSpec& scan = source.scan;
    const bool has_time = scan.time_origin == TimeOrigin::event_column &&
                          scan.event_time_column < scan.output_columns;
    if (has_time) node_.time_columns = {{scan.event_time_column, 0}};
  }

  void operator()(PlanProject& project) {
    const PlanNode& below = input(0);
    node_.late_rows = below.late_rows;
    for (size_t i = 0; i < project.expressions.size(); ++i) {
      const auto* column = project.expressions[i]->as<ColumnReference>();
      const auto lag = column ? lag_of(below, column->index) : std::nullopt;
      if (lag) node_.time_columns.push_back({i, *lag});
    }
    if (below.window) node_.window = window_after(project, *below.window);
  }

  void operator()(PlanIntervalJoin& join) {
    const PlanNode& left = input(0);
    const PlanNode& right = input(1);
    join.left.lag_us = lag_of(left, join.left.time_column).value_or(0);
    join.right.lag_us = lag_of(right, join.right.time_column).value_or(0);
    const LateRows from_left = accept_late(join.left.late, left.late_rows);
    const LateRows from_right = accept_late(join.right.late, right.late_rows);
    node_.late_rows = {false, std::max(from_left.accepted_us, from_right.accepted_us)};
    // A row without a partner waits for the late ones, too.
    const int64_t wait = join.kind == JoinKind::left ? from_right.accepted_us : 0;
    const int64_t left_lag = std::max(join.left.lag_us, join.right.lag_us + join.upper_us + wait);
    node_.time_columns.push_back({join.left.time_column, left_lag});
    if (join.kind == JoinKind::left) return;  // padded rows have no right time
    const int64_t right_lag = std::max(join.right.lag_us, join.left.lag_us - join.lower_us);
    node_.time_columns.push_back({left.schema->size() + join.right.time_column, right_lag});
  }

  void operator()(PlanWindowAggregate& aggregate) {
    const PlanNode& below = input(0);
    PlanWindow& window = aggregate.window;
    window.lag_us = lag_of(below, window.time_column).value_or(0);
    node_.late_rows = accept_late(aggregate.late, below.late_rows);
    const int64_t size = longest_window_us(window.size_us, window.calendar_days);
    // A carried window_start is behind the window's end by its size already.
    const int64_t end_lag = window.time_is_window_start ? window.lag_us - size : window.lag_us;
    WindowedResult result{.kind = window.kind,
                          .size_us = window.size_us,
                          .slide_us = window.slide_us,
                          .offset_us = window.offset_us,
                          .calendar_days = window.calendar_days};
    for (size_t i = 0; i < aggregate.keys.size(); ++i) {
      const PlanWindowKey& key = aggregate.keys[i];
      const bool is_start = key.role == PlanWindowKey::Role::window_start ||
                            (key.role == PlanWindowKey::Role::column && is_carried_start(key));
      const bool is_end = key.role == PlanWindowKey::Role::window_end;
      // A window leaves once the watermark has passed its end, so that the last time before it is
      // behind no more than the end is.
      const bool is_time = key.role == PlanWindowKey::Role::window_time;
      if (is_start) result.start = i;
      if (is_end) result.end = i;
      if (is_time) result.time = i;
      if (is_start || is_end || is_time) {
        node_.time_columns.push_back({i, is_start ? end_lag + size : end_lag});
      }
    }
    node_.window = result;
  }

  void operator()(PlanWindowRows& rows) {
    const PlanNode& below = input(0);
    const PlanWindow& window = rows.window;
    node_.late_rows = below.late_rows;
    node_.time_columns = below.time_columns;
    const int64_t lag = lag_of(below, window.time_column).value_or(0);
    const size_t start = below.schema->size();
    // A row is in windows that start up to their size before its time, and end after it.
    node_.time_columns.push_back(
        {start, lag + longest_window_us(window.size_us, window.calendar_days)});
    node_.time_columns.push_back({start + 1, lag});
    node_.time_columns.push_back({start + 2, lag});
    node_.window = WindowedResult{.start = start,
                                  .end = start + 1,
                                  .time = start + 2,
                                  .kind = window.kind,
                                  .size_us = window.size_us,
                                  .slide_us = window.slide_us,
                                  .offset_us = window.offset_us,
                                  .calendar_days = window.calendar_days};
  }

  void operator()(PlanUnion&) {
    node_.late_rows = input(0).late_rows;
    node_.time_columns = input(0).time_columns;
    for (size_t i = 1; i < node_.inputs.size(); ++i) {
      node_.late_rows = later_of(node_.late_rows, input(i).late_rows);
      std::vector<TimeColumn> common;
      for (const TimeColumn& time : node_.time_columns) {
        const auto lag = lag_of(input(i), time.column);
        if (lag) common.push_back({time.column, std::max(time.lag_us, *lag)});
      }
      node_.time_columns = std::move(common);
    }
  }

  // Its output changes at any time; what it counts is not refused again.
  void operator()(PlanGroupAggregate&) { node_.late_rows = input(0).late_rows; }

  template <class Operation>
  void operator()(Operation&) {
    node_.late_rows = input(0).late_rows;
    node_.time_columns = input(0).time_columns;
    node_.window = input(0).window;
  }

 private:
  const PlanNode& input(size_t index) const { return plan_.node(node_.inputs[index].node); }

  bool is_carried_start(const PlanWindowKey& key) const {
    const auto& carried = input(0).window;
    return carried && carried->start == key.column;
  }

  static std::optional<WindowedResult> window_after(const PlanProject& project,
                                                    const WindowedResult& window) {
    const auto place = [&](std::optional<size_t> column) -> std::optional<size_t> {
      const auto after = column ? columns_after(project, {*column}) : std::nullopt;
      return after ? std::optional(after->front()) : std::nullopt;
    };
    WindowedResult result = window;
    result.start = place(window.start);
    result.end = place(window.end);
    result.time = place(window.time);
    return result.start || result.end ? std::optional(result) : std::nullopt;
  }

  const LogicalPlan& plan_;
  PlanNode& node_;
};

}  // namespace

void infer_time(const LogicalPlan& plan, PlanNode& node) {
  node.time_columns.clear();
  node.window.reset();
  std::visit(TimeInference(plan, node), node.operation);
}

}  // namespace sluice
