// SPDX-License-Identifier: Apache-2.0
// The desk keeps the main loop's half of a bus, the runner the half on the bus's thread; only values pass
// between.
#include "gateway/bus.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "gateway/worker.hpp"

namespace busbar::gateway {

namespace asio = boost::asio;

/// Main loop's half: who waits for which command.
class Bus::Desk : public std::enable_shared_from_this<Desk> {
  public:
    Desk(std::string id, asio::any_io_executor main, Events events)
        : id_(std::move(id)), main_(std::move(main)), events_(std::move(events)) {}

    [[nodiscard]] const std::string& id() const { return id_; }

    /// The number of the command, if there is room.
    std::optional<std::uint64_t> admit(std::size_t device, Done done) {
        const auto waiting = std::count_if(waiting_.begin(), waiting_.end(),
                                           [&](const auto& entry) { return entry.second.device == device; });
        if (closed_ || waiting >= most_waiting) {
            const Error error = closed_ ? Error{Errc::cancelled, "the bus is stopped"}
                                        : Error{Errc::io, "too many commands are waiting for this charger"};
            asio::post(main_, [done = std::move(done), error] { done(error); });
            return std::nullopt;
        }
        waiting_.emplace(++last_, Waiting{device, std::move(done)});
        return last_;
    }

    /// From the bus's thread.
    void post_done(std::uint64_t command, Result<void> result) {
        asio::post(main_, [weak = weak_from_this(), command, result = std::move(result)] {
            if (const auto self = weak.lock()) self->finish(command, result);
        });
    }
    void post(DeviceReport report) {
        asio::post(main_, [weak = weak_from_this(), report = std::move(report)] {
            const auto self = weak.lock();
            if (self && !self->closed_) self->events_.report(report);
        });
    }
    void post(DeviceFailure failure) {
        asio::post(main_, [weak = weak_from_this(), failure = std::move(failure)] {
            const auto self = weak.lock();
            if (self && !self->closed_) self->events_.failure(failure);
        });
    }

    /// Whether the bus's thread is to be asked.
    bool ask_for_sign(SteadyTime now) {
        if (owes_sign_since) return false;
        owes_sign_since = now;
        return true;
    }
    /// From the bus's thread.
    void post_sign() {
        asio::post(main_, [weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->owes_sign_since.reset();
        });
    }
    std::optional<SteadyTime> owes_sign_since;

    void close() {
        closed_ = true;
        auto waiting = std::exchange(waiting_, {});
        for (auto& entry : waiting) {
            asio::post(main_, [done = std::move(entry.second.done)] {
                done(Error{Errc::cancelled, "the bus is stopped"});
            });
        }
    }

  private:
    struct Waiting {
        std::size_t device;
        Done done;
    };
    static constexpr std::ptrdiff_t most_waiting = 32;

    void finish(std::uint64_t command, const Result<void>& result) {
        const auto found = waiting_.find(command);
        if (found == waiting_.end()) return;
        const auto done = std::move(found->second.done);
        waiting_.erase(found);
        done(result);
    }

    std::string id_;
    asio::any_io_executor main_;
    Events events_;
    std::map<std::uint64_t, Waiting> waiting_;
    std::uint64_t last_ = 0;
    bool closed_ = false;
};

/// The bus's thread: one turn after the other.
class Bus::Runner {
  public:
    Runner(std::shared_ptr<Desk> desk, const MakeLine& line, const std::vector<Device>& devices,
           const Log& log)
        : desk_(std::move(desk)), line_(line()), schedule_(devices.size()), worker_("bus " + desk_->id()) {
        for (const auto& device : devices) {
            seats_.push_back({device.id, device.make(*line_), log.with("charge_point", device.id)});
        }
    }

    void start() {
        worker_.post([this] { turn(); });
    }

    void add(std::size_t device, Order order) {
        worker_.post([this, device, order = std::move(order)]() mutable {
            if (const auto replaced = schedule_.add(device, std::move(order))) {
                desk_->post_done(*replaced, Error{Errc::cancelled, "a newer limit took its place"});
            }
            timer_.cancel();
        });
    }

    void invite(Guest guest) {
        worker_.post([this, guest = std::move(guest)]() mutable {
            guest_ = std::move(guest);
            guest_at_ = guest_served_ = steady_now();
            timer_.cancel();
        });
    }

    void ask_for_sign() {
        worker_.post([this] { desk_->post_sign(); });
    }

    void stop() {
        line_->interrupt();
        worker_.stop();
    }

  private:
    struct Seat {
        std::string id;
        std::unique_ptr<adapters::Charger> charger;
        Log log;
    };
    static constexpr seconds longest_wait_of_guest{2};

    void turn() {
        const auto now = steady_now();
        const bool overdue = now - guest_served_ > longest_wait_of_guest && !schedule_.has_order(now);
        const auto next = overdue && guest_is_due(now) ? std::nullopt : schedule_.next(now);
        if (!next && !guest_is_due(now)) {
            return sleep(std::min(schedule_.wake_at(), guest_ ? guest_at_ : SteadyTime::max()) - now);
        }
        if (!next) {
            serve_guest(now);
        } else if (next->order) {
            execute(next->charger, *schedule_.find(next->charger, *next->order), now);
        } else {
            poll(next->charger, now);
        }
        // Posted, not looped: a command that arrived meanwhile is queued before the next turn.
        worker_.post([this] { turn(); });
    }

    [[nodiscard]] bool guest_is_due(SteadyTime now) const { return guest_ && guest_at_ <= now; }

    /// One that only waited, for a gap after the chargers' own exchanges, was not served: it goes first then.
    void serve_guest(SteadyTime now) {
        const auto before = line_counts();
        const auto next = guest_(*line_, now);
        if (next.at <= now || line_counts().exchanges > before.exchanges) guest_served_ = steady_now();
        guest_at_ = next.at;
        if (next.done) guest_ = nullptr;
    }

    void sleep(SteadyEpoch::duration time) {
        timer_.expires_after(std::min<SteadyEpoch::duration>(time, seconds(60)));
        timer_.async_wait([this](const boost::system::error_code&) { turn(); });
    }

    void execute(std::size_t device, const Order& order, SteadyTime now) {
        const auto id = order.id;
        const auto before = line_counts();
        const auto step = seats_[device].charger->execute(order.command, order.cause, now);
        const bool is_refresh = std::holds_alternative<Refresh>(order.command);
        schedule_.executed(device, id, step, took_since(now, before));
        if (step && !step->done) return;
        if (step && is_refresh) report(device);
        desk_->post_done(id, step ? Result<void>() : step.error());
    }

    void poll(std::size_t device, SteadyTime now) {
        const bool was_silent = schedule_.silent(device);
        const auto before = line_counts();
        const auto step = seats_[device].charger->poll(now);
        schedule_.polled(device, step, took_since(now, before));
        if (step && !step->done) {
            if (step->told) report(device);
            return;
        }
        if (was_silent != schedule_.silent(device)) tell(device, step);
        if (step) {
            report(device);
        } else {
            desk_->post(DeviceFailure{device, seats_[device].id, step.error(), schedule_.health(device),
                                      news_of_counters()});
        }
    }

    struct LineCounts {
        std::uint64_t exchanges = 0;
        std::uint64_t failed = 0;  ///< also those that a driver will try again and says nothing about
    };
    [[nodiscard]] LineCounts line_counts() const {
        LineCounts counts;
        for (const auto& [unit, counted] : line_->counters()) {
            counts.exchanges += counted.exchanges;
            counts.failed += counted.timeouts + counted.garbled + counted.hang_ups;
        }
        return counts;
    }
    [[nodiscard]] Took took_since(SteadyTime began, const LineCounts& before) const {
        const auto after = line_counts();
        auto heard = Took::Heard::nothing;
        if (after.exchanges > before.exchanges) heard = Took::Heard::answer;
        if (after.failed > before.failed) heard = Took::Heard::silence;
        return {began, steady_now(), heard};
    }

    /// Once a streak.
    void tell(std::size_t device, const Result<adapters::Next>& step) {
        const auto& log = seats_[device].log;
        if (step) {
            log.info("charger_answers", "the charger answers again", {{"bus", desk_->id()}});
        } else {
            log.warning("charger_silent", step.error().detail, {{"bus", desk_->id()}});
        }
    }

    void report(std::size_t device) {
        const auto& [id, charger, log] = seats_[device];
        desk_->post(DeviceReport{device, id, charger->capabilities(), charger->identity(),
                                 charger->snapshot(), schedule_.health(device), news_of_counters()});
    }

    /// Each report with the counters of a whole bus would be most of what many chargers on one cost.
    std::map<int, adapters::UnitCounters> news_of_counters() {
        std::map<int, adapters::UnitCounters> news;
        for (const auto& [unit, counted] : line_->counters()) {
            const auto events = counted.exchanges + counted.timeouts + counted.garbled + counted.exceptions +
                                counted.hang_ups;
            if (std::exchange(told_events_[unit], events) != events) news.emplace(unit, counted);
        }
        return news;
    }

    std::shared_ptr<Desk> desk_;
    std::unique_ptr<adapters::Line> line_;
    std::vector<Seat> seats_;
    BusSchedule schedule_;
    Guest guest_;
    SteadyTime guest_at_{};                     ///< when it wants its next turn
    SteadyTime guest_served_{};                 ///< when it had its last
    std::map<int, std::uint64_t> told_events_;  ///< of each unit, when its counters were told
    Worker worker_;
    asio::steady_timer timer_{worker_.context()};
};

Bus::Bus(std::string id, const MakeLine& line, const std::vector<Device>& devices, asio::any_io_executor main,
         Events events, const Log& log)
    : desk_(std::make_shared<Desk>(std::move(id), std::move(main), std::move(events))),
      runner_(std::make_unique<Runner>(desk_, line, devices, log)) {}

Bus::~Bus() {
    runner_->stop();
}

const std::string& Bus::id() const {
    return desk_->id();
}

void Bus::start() {
    runner_->start();
}

void Bus::execute(std::size_t device, const Command& command, Cause cause, Done done) {
    const auto id = desk_->admit(device, std::move(done));
    if (id) runner_->add(device, {*id, command, std::move(cause), {}});
}

void Bus::invite(Guest guest) {
    runner_->invite(std::move(guest));
}

void Bus::ask_for_sign(SteadyTime now) {
    if (desk_->ask_for_sign(now)) runner_->ask_for_sign();
}

std::optional<SteadyTime> Bus::owes_sign_since() const {
    return desk_->owes_sign_since;
}

void Bus::stop() {
    runner_->stop();
    desk_->close();
}

}  // namespace busbar::gateway
