// SPDX-License-Identifier: Apache-2.0
// The steps of the course on a real machine.
#pragma once

#include "gateway/update/course.hpp"
#include "gateway/update/places.hpp"
#include "gateway/update/status.hpp"
#include "gateway/update_helper/dpkg.hpp"
#include "gateway/update_helper/service.hpp"

namespace busbar::update {

/// Writes the status for everybody to read; what cannot be written is only said.
void tell(const Places& places, const Status& status);

class RealMachine final : public Machine {
  public:
    RealMachine(Places places, const Dpkg& dpkg, const Service& service)
        : places_(std::move(places)), dpkg_(dpkg), service_(service) {}

    Judged<void> save(const Journal& journal) override;
    Judged<void> carry_out(const Journal& journal) override;
    void finish(const Journal& journal) override;

  private:
    [[nodiscard]] Judged<void> copy_aside() const;
    [[nodiscard]] Judged<void> install(const Journal& journal) const;
    [[nodiscard]] Judged<void> keep() const;
    [[nodiscard]] Judged<void> roll_back() const;
    [[nodiscard]] Judged<void> put_back() const;
    [[nodiscard]] Judged<void> start_and_watch(const Journal& journal) const;

    Places places_;
    const Dpkg& dpkg_;
    const Service& service_;
};

}  // namespace busbar::update
