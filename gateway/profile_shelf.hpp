// SPDX-License-Identifier: Apache-2.0
// All charger profiles there are, for scans, trials and whoever has to choose one. Charging needs only those
// that the configuration names: the rest is read when it is first asked for.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/profile.hpp"

namespace busbar::gateway {

/// Loop thread only; what library() gives is for any thread. Copies share what was read.
class ProfileShelf {
  public:
    using Library = std::map<std::string, config::Profile>;

    /// `dirs` as for config::load_profiles().
    explicit ProfileShelf(std::vector<std::string> dirs = {})
        : state_(std::make_shared<State>(State{std::move(dirs), nullptr})) {}

    [[nodiscard]] std::shared_ptr<const Library> library() const {
        if (!state_->library)
            state_->library = std::make_shared<const Library>(config::load_profiles(state_->dirs).value);
        return state_->library;
    }

  private:
    struct State {
        std::vector<std::string> dirs;
        std::shared_ptr<const Library> library;
    };
    std::shared_ptr<State> state_;
};

}  // namespace busbar::gateway
