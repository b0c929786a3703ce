// WindowRows: windows that are known by a row's time, without GROUP BY: every row of an append
// stream once for each of its windows. Output: the input's columns, then window_start, window_end
// and window_time. Stateless, so that nothing is late here. A row that is in no window, where
// windows are further apart than they are long, is filtered; one without a usable time goes where
// the policy says.
#pragma once

#include <memory>

#include "operators/row_errors.hpp"
#include "windows/window.hpp"

namespace sluice {

struct WindowRowsSettings {
  StepPolicy policy;
  SchemaPtr output;
  WindowPtr window;
  size_t time_column = 0;
};

std::shared_ptr<const OperatorDescription> make_window_rows(WindowRowsSettings settings);

}  // namespace sluice
