// GridWindow: what windows of fixed sizes have in common: their sizes and texts. Immutable; any
// thread.
#pragma once

#include "windows/time_grid.hpp"
#include "windows/window.hpp"

namespace sluice {

class GridWindow : public Window {
 public:
  std::string text(const std::string& time) const override;
  std::string canonical_text(const std::string& time) const override;
  std::optional<WindowLength> length() const override;

 protected:
  explicit GridWindow(const GridSizes& sizes) : sizes_(sizes) {}
  const GridSizes& sizes() const { return sizes_; }

 private:
  std::string sizes_text() const;

  GridSizes sizes_;
};

}  // namespace sluice
