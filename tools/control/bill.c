/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bill.c - meters times prices. */
#include "tools/control/bill.h"

#include <string.h>

#define PRICES_MOST (64u << 10)
#define PRICE_MOST 1e15 /* what is owed stays a number, whatever was used */

/* A gauge is no quantity that could be paid for. */
static int figure_called(const char *name)
{
    for (int i = 0; i < METER_FIGURES; i++)
        if (!strcmp(meter_rows[i].name, name) && !meter_rows[i].gauge)
            return i;
    return -1;
}

static enum pz_err read_prices(struct bill *bill, const json_t *prices, struct problem *problem)
{
    const char *name;
    json_t *value;

    if (!json_is_object(prices))
        return problem_set(problem, PZ_USAGE, "'prices' must be an object");
    json_object_foreach((json_t *)(uintptr_t)prices, name, value)
    {
        int figure = figure_called(name);
        double price = json_number_value(value);

        if (figure < 0)
            return problem_set(problem, PZ_USAGE,
                               "'%.60s' is not metered: docs/resources.md lists the resources",
                               name);
        if (!json_is_number(value) || !(price >= 0 && price <= PRICE_MOST))
            return problem_set(problem, PZ_USAGE,
                               "the price of '%.60s' must be 0 or more, 1e15 at most", name);
        bill->prices[figure] = price;
    }
    return PZ_OK;
}

static enum pz_err read_document(struct bill *bill, const json_t *document,
                                 struct problem *problem)
{
    const char *currency = json_string_value(json_object_get(document, "currency"));

    if (!currency || !*currency || strlen(currency) >= sizeof bill->currency)
        return problem_set(problem, PZ_USAGE, "'currency' must have 1 to %u characters",
                           BILL_CURRENCY - 1);
    for (const char *at = currency; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            return problem_set(problem, PZ_USAGE, "'currency' has control characters");
    strcpy(bill->currency, currency);
    bill->has = true;
    return read_prices(bill, json_object_get(document, "prices"), problem);
}

enum pz_err bill_read(struct bill *bill, const char *path, struct problem *problem)
{
    struct file file;
    json_error_t wrong;
    json_t *document;
    enum pz_err err;

    *bill = (struct bill){.has = false};
    if (!path)
        return PZ_OK;
    err = file_read(path, PRICES_MOST, &file, problem);
    if (!err) {
        document =
            json_loadb((const char *)file.bytes, file.len, JSON_REJECT_DUPLICATES, &wrong);
        err = document
                  ? read_document(bill, document, problem)
                  : problem_set(problem, PZ_USAGE, "line %d: %.100s", wrong.line, wrong.text);
        json_decref(document);
        file_free(&file);
    }
    if (err)
        problem_prefix(problem, path);
    return err;
}

static double owed(const struct bill *bill, const struct meters *meters, unsigned vm,
                   unsigned figure)
{
    return bill->prices[figure] * meters_value(meters, vm, (enum meter_figure)figure);
}

double bill_sum(const struct bill *bill, const struct meters *meters, unsigned vm, bool host)
{
    double sum = 0;

    for (unsigned i = 0; i < METER_FIGURES; i++)
        if (meter_rows[i].host == host)
            sum += owed(bill, meters, vm, i);
    return sum;
}

static json_t *item_json(const struct bill *bill, const struct meters *meters, unsigned vm,
                         unsigned figure)
{
    return json_pack("{s:s,s:f,s:f,s:f,s:b}", "item", meter_rows[figure].name, "quantity",
                     meters_value(meters, vm, (enum meter_figure)figure), "price",
                     bill->prices[figure], "amount", owed(bill, meters, vm, figure), "host",
                     meter_rows[figure].host);
}

json_t *bill_json(const struct bill *bill, const struct meters *meters, unsigned vm)
{
    json_t *object, *items;

    if (!bill->has)
        return NULL;
    object = json_object();
    items = json_array();
    for (unsigned i = 0; i < METER_FIGURES; i++)
        if (bill->prices[i] > 0)
            json_array_append_new(items, item_json(bill, meters, vm, i));
    json_put_text(object, "currency", bill->currency);
    json_put(object, "items", items);
    json_put(object, "amount", json_real(bill_sum(bill, meters, vm, false)));
    json_put(object, "host_amount", json_real(bill_sum(bill, meters, vm, true)));
    return object;
}

static void add_items(struct table *table, const struct bill *bill, const struct meters *meters,
                      unsigned vm)
{
    for (unsigned i = 0; i < METER_FIGURES; i++)
        if (bill->prices[i] > 0)
            table_add(table, "  %s%s\t%.6g\t%.6g\t%.6f", meter_rows[i].name,
                      meter_rows[i].host ? " (host)" : "",
                      meters_value(meters, vm, (enum meter_figure)i), bill->prices[i],
                      owed(bill, meters, vm, i));
}

void bill_print(FILE *out, const struct bill *bill, const struct meters *meters)
{
    struct table table;

    if (!bill->has)
        return;
    table_init(&table, "lrrr");
    table_add(&table, "bill\tquantity\tprice\t%s", bill->currency);
    for (unsigned vm = 0; vm < meters->machine->count; vm++) {
        table_add(&table, "vm%u\t\t\t%.6f", vm,
                  bill_sum(bill, meters, vm, false) + bill_sum(bill, meters, vm, true));
        add_items(&table, bill, meters, vm);
    }
    table_print(&table, out, 0, 0);
}
