#include "testing/test_run.hpp"

namespace sluice {

TestRun::TestRun(const PreparedPipeline& prepared, int64_t now_us)
    : clock_(now_us),
      log_(make_null_log()),
      dead_letters_(static_cast<uint64_t>(prepared.spec().errors.stop_after_count),
                    prepared.spec().errors.stop_after_within_us, clock_),
      tasks_(prepared, {&clock_, &filesystem_, &failpoints_, log_.get()},
             {"test." + prepared.spec().name}, dead_letters_) {}

Status TestRun::start() { return tasks_.start(1); }

Status TestRun::restart() {
  tasks_.drop();
  return start();
}

Status TestRun::run_until_quiet() {
  SLUICE_TRY(tasks_.run_until_quiet());
  return dead_letters_.is_exceeded() ? Status(fail(dead_letters_.error())) : Status{};
}

Status TestRun::checkpoint() {
  return tasks_.checkpoint(false, [this] { return run_until_quiet(); });
}

}  // namespace sluice
