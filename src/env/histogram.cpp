#include "env/histogram.hpp"

namespace sluice {

namespace {

struct Bound {
  int64_t us;
  const char* seconds;
};
// From a small checkpoint on a fast disk to the timeout of one.
constexpr Bound bounds[] = {{5'000, "0.005"},     {10'000, "0.01"},   {25'000, "0.025"},
                            {50'000, "0.05"},     {100'000, "0.1"},   {250'000, "0.25"},
                            {500'000, "0.5"},     {1'000'000, "1"},   {2'500'000, "2.5"},
                            {5'000'000, "5"},     {10'000'000, "10"}, {30'000'000, "30"},
                            {120'000'000, "120"}, {INT64_MAX, "+Inf"}};

}  // namespace

Histogram::Histogram(Counters& counters, const Metric& metric, const Labels& labels)
    : sum_us_(&counters.at(metric, labels, Counters::Part::sum)),
      count_(&counters.at(metric, labels, Counters::Part::count)) {
  for (const Bound& bound : bounds) {
    Labels with_bound = labels;
    with_bound.emplace_back("le", bound.seconds);
    Counter& counter = counters.at(metric, std::move(with_bound), Counters::Part::bucket);
    buckets_.emplace_back(bound.us, &counter);
  }
}

void Histogram::observe_us(int64_t duration_us) {
  for (const auto& [bound_us, counter] : buckets_) {
    if (duration_us <= bound_us) counter->add();
  }
  sum_us_->add(duration_us);
  count_->add();
}

}  // namespace sluice
