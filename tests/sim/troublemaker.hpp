// SPDX-License-Identifier: Apache-2.0
// What happens to a site: cars, chargers, links, central systems, disks, clocks and deaths, drawn by weight.
#pragma once

#include "tests/sim/site.hpp"

namespace busbar::simulation {

class Troublemaker {
  public:
    Troublemaker(World& world, const LifePlan& plan, Site& site)
        : world_(world), random_(world.random), plan_(plan), site_(site) {}

    /// Some time passes, then something happens.
    void next();
    /// All is well from now on: no faults, no cars, a good disk, links and central systems that work.
    void make_peace();

  private:
    struct Event {
        int weight;
        void (Troublemaker::*happen)();
        bool Troubles::*only_with;  ///< null: in every life
    };
    static const std::vector<Event>& events();

    Place& any_place();
    /// Says in the transcript what happens to it.
    Socket& any_socket(const char* what);
    void tell(const Place& place, const std::string& what);

    // the car and the charger
    void move_car();
    void break_socket();
    void show_card();
    void trouble_register();
    void trouble_charger();
    // the link and the central system
    void trouble_link();
    void trouble_line();
    void trouble_central_system();
    void ask();
    // the machine
    void plan_death();
    void die_now();
    void stop_process();
    void trouble_disk();
    void trouble_clock();
    void calm();

    World& world_;
    Random& random_;
    const LifePlan& plan_;
    Site& site_;
    int requests_ = 0;
};

}  // namespace busbar::simulation
