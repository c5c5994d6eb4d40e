// SPDX-License-Identifier: Apache-2.0
#include "disk.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <stdexcept>

#include "gateway/base/time.hpp"
#include "gateway/store/store.hpp"

namespace busbar::bench {
namespace {

constexpr const char* charge_point = "CP1";

std::string meter_values(int number) {
    return fmt::format(
        R"({{"connectorId":1,"transactionId":7,"meterValue":[{{"timestamp":"2026-11-22T12:00:00Z","sampledValue":[)"
        R"({{"value":"{}","context":"Sample.Periodic","measurand":"Energy.Active.Import.Register","unit":"Wh"}},)"
        R"({{"value":"11040","context":"Sample.Periodic","measurand":"Power.Active.Import","unit":"W"}}]}}]}})",
        1'000'000 + number);
}

ocpp::QueuedMessage message(int number) {
    return {number, fmt::format("bench-{}", number), "MeterValues", meter_values(number)};
}

template <class Work>
double per_second(double for_seconds, Work work) {
    const auto began = steady_now();
    int count = 0;
    double lasted = 0;
    for (; lasted < for_seconds; lasted = std::chrono::duration<double>(steady_now() - began).count())
        work(++count);
    return count / lasted;
}

double syncs(const std::string& folder, double for_seconds) {
    const std::string file = folder + "/sync";
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0) throw std::runtime_error(file + " cannot be made");
    const double rate = per_second(for_seconds, [&](int number) {
        const auto text = meter_values(number);
        if (::pwrite(descriptor, text.data(), text.size(), (number % 4096) * 4096L) < 0 ||
            ::fdatasync(descriptor) != 0)
            throw std::runtime_error(file + " cannot be written");
    });
    ::close(descriptor);
    return rate;
}

double raw_commits(const std::string& folder, double for_seconds) {
    SQLite::Database database(folder + "/raw.db", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE queue (seq INTEGER PRIMARY KEY, "
        "payload TEXT)");
    SQLite::Statement insert(database, "INSERT INTO queue VALUES (?, ?)");
    return per_second(for_seconds, [&](int number) {
        insert.bind(1, number);
        insert.bind(2, meter_values(number));
        insert.exec();
        insert.reset();
    });
}

std::unique_ptr<gateway::Store> open(const std::string& file) {
    auto store = gateway::Store::open(file, Log());
    if (!store) throw std::runtime_error(store.error().detail);
    return std::move(*store);
}

void commit(gateway::Store& store) {
    if (const auto done = store.commit(); !done) throw std::runtime_error(done.error().detail);
}

double store_commits(const std::string& folder, double for_seconds) {
    const auto store = open(folder + "/store.db");
    return per_second(for_seconds, [&](int number) {
        store->enqueue(charge_point, message(number));
        commit(*store);
    });
}

}  // namespace

std::string commit_rates(const std::string& folder, double seconds_each) {
    const std::string place = folder + "/commits";
    std::filesystem::create_directories(place);
    const auto text = fmt::format(
        R"("fdatasync_per_s":{:.0f},"sqlite_commits_per_s":{:.0f},"store_commits_per_s":{:.0f})",
        syncs(place, seconds_each), raw_commits(place, seconds_each), store_commits(place, seconds_each));
    std::filesystem::remove_all(place);
    return text;
}

void fill_queue(const std::string& state_dir, const std::string& of, int count) {
    constexpr int at_once = 1000;
    const auto store = open(state_dir + "/busbar.db");
    for (int number = 1; number <= count; ++number) {
        store->enqueue(of, message(number));
        if (number % at_once == 0 || number == count) commit(*store);
    }
}

}  // namespace busbar::bench
