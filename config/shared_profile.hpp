// SPDX-License-Identifier: Apache-2.0
// A charger profile that all chargers of a model share: of hundreds of one model there is one in memory.
#pragma once

#include <memory>
#include <utility>

#include "config/profile.hpp"

namespace busbar::config {

/// Never empty, never changed; any thread. Copies share; equal where the profiles are.
class SharedProfile {
  public:
    SharedProfile(Profile profile)  // NOLINT(google-explicit-constructor): a profile of one's own is one too
        : profile_(std::make_shared<const Profile>(std::move(profile))) {}

    const Profile& operator*() const { return *profile_; }
    const Profile* operator->() const { return profile_.get(); }

    friend bool operator==(const SharedProfile& a, const SharedProfile& b) {
        return a.profile_ == b.profile_ || *a == *b;
    }

  private:
    std::shared_ptr<const Profile> profile_;
};

}  // namespace busbar::config
