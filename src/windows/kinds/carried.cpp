#include "windows/kinds/carried.hpp"

#include "base/assert.hpp"
#include "windows/window_assigner.hpp"

namespace sluice {

namespace {

// The distance from what the column holds to the window's end.
class CarriedAssigner final : public WindowAssigner {
 public:
  explicit CarriedAssigner(int64_t distance_us, int64_t length_us)
      : distance_us_(distance_us), length_us_(length_us) {}

  WindowRun run_of(int64_t time_us) const override {
    const int64_t end_us = time_us + distance_us_;
    return {time_us, time_us + 1, end_us, end_us};
  }
  WindowRun open_run(int64_t time_us) const override { return run_of(time_us); }
  int64_t start_of(int64_t end_us) const override { return end_us - length_us_; }

 private:
  int64_t distance_us_;
  int64_t length_us_;
};

class Carried final : public Window {
 public:
  Carried(WindowPtr of, CarriedBy by) : of_(std::move(of)), by_(by) {
    SLUICE_ASSERT(by_ == CarriedBy::end || is_exact(), "a start alone does not tell the end");
  }

  std::string_view name() const override { return "carried"; }
  std::string text(const std::string& time) const override { return "carried " + of_->text(time); }
  std::string canonical_text(const std::string& time) const override {
    return "carried " + of_->canonical_text(time);
  }
  std::optional<WindowLength> length() const override { return of_->length(); }
  bool is_told_by_start() const override { return of_->is_told_by_start(); }
  bool may_overlap() const override { return false; }
  const WindowPtr& of() const { return of_; }
  std::unique_ptr<const WindowAssigner> assigner(TypeKind, const TimeZone&) const override {
    const int64_t length_us = is_exact() ? of_->length()->least_us : 0;
    return std::make_unique<CarriedAssigner>(by_ == CarriedBy::start ? length_us : 0, length_us);
  }

 private:
  bool is_exact() const { return of_->length() && of_->length()->is_exact(); }

  WindowPtr of_;
  CarriedBy by_;
};

}  // namespace

WindowPtr carried_windows(WindowPtr of, CarriedBy by) {
  if (const auto* carried = dynamic_cast<const Carried*>(of.get())) of = carried->of();
  return std::make_shared<Carried>(std::move(of), by);
}

}  // namespace sluice
