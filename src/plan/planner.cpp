#include "plan/planner.hpp"

#include <algorithm>
#include <set>

#include "plan/composing/compose.hpp"
#include "plan/inference/lineage.hpp"
#include "plan/plan_catalog.hpp"
#include "plan/rewrite.hpp"
#include "plan/sink_checks.hpp"
#include "plan/step_order.hpp"

namespace sluice {

namespace {

class Planner {
 public:
  explicit Planner(const PlanRequest& request) : request_(request), catalog_(request) {}

  PlanResult run() {
    for (const SourceSettings& source : request_.sources) {
      const auto node = compose_source(request_, source, draft_, problems_);
      note(source.name, node);
    }
    const StepOrder order = order_steps(request_.steps);
    report_circles(order);
    for (const StepOrder::Entry& entry : order.entries) add_step(entry);
    for (const SinkSettings& sink : request_.sinks) {
      compose_sink(sink, relations_, draft_, problems_);
    }
    check_sinks(request_, draft_, problems_);
    if (problems_.has_errors()) return {std::nullopt, problems_.take()};
    optimise(request_, draft_);
    add_lineage(draft_.plan(), request_.zone.name());
    return {std::move(draft_.plan()), problems_.take()};
  }

 private:
  void note(const std::string& name, std::optional<PlanNodeId> node) {
    if (node) relations_.emplace(name, *node);
    if (!node) failed_.insert(name);
  }

  void report_circles(const StepOrder& order) {
    for (const StepSettings* step : order.in_circles) {
      failed_.insert(step->name);
      problems_.error(ErrorCode::step_cycle, "steps." + step->name + ".sql",
                      "step \"" + step->name + "\" reads itself, directly or through others",
                      std::string(describe(ErrorCode::step_cycle).advice));
    }
  }

  // What reads a step with errors is not bound: its columns are not known, and the errors of the
  // one it reads are reported already.
  void add_step(const StepOrder::Entry& entry) {
    const StepSettings& step = *entry.step;
    const bool is_readable =
        std::none_of(entry.reads.begin(), entry.reads.end(), [&](const std::string& name) {
          return failed_.contains(name) && !catalog_.find_relation(name);
        });
    if (!is_readable) return note(step.name, std::nullopt);
    const BindContext context{&catalog_, request_.functions, &request_.zone};
    const BindResult bound = bind_query(step.sql, context);
    problems_.add({"steps." + step.name + ".sql", step.sql}, bound.problems);
    if (!bound.relation) return note(step.name, std::nullopt);
    catalog_.add_relation(step.name, bound.relation->schema());
    note(step.name, compose_step({request_, step, relations_}, bound.relation, draft_, problems_));
  }

  const PlanRequest& request_;
  PlanCatalog catalog_;
  PlanDraft draft_;
  PlanProblems problems_;
  RelationNodes relations_;
  std::set<std::string> failed_;
};

}  // namespace

PlanResult build_plan(const PlanRequest& request) { return Planner(request).run(); }

}  // namespace sluice
