"""Dependencies of handlers: the reader's work at a place, committed before the answer is sent.

Nothing of it connects before the handler runs (``guyub.http.lazy_work``). A handler that catches a refusal to show its form
again lets ``work.attempt()`` undo what was refused; any other error rolls the whole work back, and a commit that fails becomes
the page that says so.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Annotated, TypeVar

from anyio import CancelScope, CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Depends, Path, Request

from guyub.db.unit_of_work import Work
from guyub.http.lazy_work import OfficeWork, Transaction, lazy_office_work, lazy_work
from guyub.http.work import open_anywhere, open_office, open_work

_W = TypeVar("_W", bound=Work)

FacilityCode = Annotated[str, Path(pattern="^[a-z][a-z0-9-]{1,59}$", description="The code of a facility.")]
RegionCode = Annotated[str, Path(pattern="^[a-z][a-z0-9-]{1,39}$", description="The code of a region.")]
CycleCode = Annotated[str, Path(pattern="^[0-9a-z-]{1,60}$", description="The code of a cycle, such as 2024-11.")]


async def work_at_facility(request: Request, facility: FacilityCode) -> AsyncIterator[Work]:
    async with _until_the_answer(open_work(request, facility), lazy_work) as work:
        yield work


async def work_for_search(request: Request, facility: FacilityCode) -> AsyncIterator[Work]:
    async with _until_the_answer(open_work(request, facility, reads=True), lazy_work) as work:
        yield work


async def work_anywhere(request: Request) -> AsyncIterator[Work]:
    async with _until_the_answer(open_anywhere(request), lazy_work) as work:
        yield work


async def work_of_region(request: Request, region: RegionCode) -> AsyncIterator[OfficeWork]:
    async with _until_the_answer(open_office(request, region), lazy_office_work) as work:
        yield work


FacilityWork = Annotated[Work, Depends(work_at_facility, scope="function")]
"""The reader's transaction at the facility of the address."""
SearchWork = Annotated[Work, Depends(work_for_search, scope="function")]
"""The same for a search that is sent: it only reads, so what a stated purpose lends counts."""
ReaderWork = Annotated[Work, Depends(work_anywhere, scope="function")]
"""The reader's transaction over all that their roles reach, for pages that belong to no single place."""
RegionWork = Annotated[OfficeWork, Depends(work_of_region, scope="function")]
"""The reader's transaction for a page of the region of the address, in which they hold a role. The scope is all that they
reach, so queries filter by the region."""


@asynccontextmanager
async def _until_the_answer(
    manager: AbstractContextManager[Work], made: Callable[[Transaction], _W]
) -> AsyncIterator[_W]:
    transaction = Transaction(manager)
    try:
        yield made(transaction)
    except BaseException as error:
        if transaction.is_open:
            await _end(transaction, error)
        raise
    await _end(transaction, None)


async def _end(transaction: Transaction, error: BaseException | None) -> None:
    """Ends the work in a thread that waits for no other request, so that whoever holds a connection can always give it
    back."""
    with CancelScope(shield=True):
        await run_sync(transaction.end, error, limiter=CapacityLimiter(1))
